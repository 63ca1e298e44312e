import type { SessionWish } from '@csa/calls';
import { type NeedFlags, saysNeed } from '@csa/calls/wait';
import { Refusal } from '@csa/session';

/** What names the sessions of a wait, as typed. */
export interface AskedFlags extends NeedFlags {
  readonly session?: string | undefined;
  readonly cd?: string | undefined;
  readonly dir?: readonly string[] | undefined;
  readonly label?: readonly string[] | undefined;
}

/**
 * The form of the answer goes by what was typed, not by what it turns out to mean: a script that names "all of these"
 * gets the same form however many there are.
 */
export type Asked =
  | { readonly form: 'one'; readonly wish: SessionWish }
  | { readonly form: 'several'; readonly wishes: readonly SessionWish[] }
  | { readonly form: 'labelled'; readonly labels: readonly string[]; readonly cd: string | undefined };

/**
 * @throws Refusal reason=usage where --dir, --session or --label stands beside other sessions, reason=missing-id where
 * a number of sessions is to be over and none is named
 */
export function askedSessions(ids: readonly string[], flags: AskedFlags): Asked {
  const { session, cd, dir: directories = [], label: labels = [] } = flags;
  const [id] = ids;
  const [dir] = directories;
  if (labels.length > 0) {
    if (id !== undefined || session !== undefined || dir !== undefined) throw beside('--label');
    return { form: 'labelled', labels, cd };
  }
  if (saysNeed(flags) && id === undefined && session === undefined && dir === undefined) throw nothingNamed();
  if (ids.length <= 1 && directories.length <= 1) {
    const wish = { id, session, cd, dir };
    return saysNeed(flags) ? { form: 'several', wishes: [wish] } : { form: 'one', wish };
  }
  if (session !== undefined) throw beside('--session');
  if (ids.length > 0 && dir !== undefined) throw beside('--dir');
  const wishes =
    ids.length > 0 ? ids.map((word) => ({ id: word, cd })) : directories.map((path) => ({ dir: path, cd }));
  return { form: 'several', wishes };
}

/**
 * oclif takes the value of a flag that has none for a further word, which here would name a session.
 * @param flags those that the command knows
 * @throws Refusal reason=usage
 */
export function refuseSwitchValues(
  argv: readonly string[],
  flags: Readonly<Record<string, { readonly type: 'boolean' | 'option' }>>,
): void {
  const at = argv.indexOf('--');
  const words = at === -1 ? argv : argv.slice(0, at);
  const name = Object.keys(flags).find(
    (one) => flags[one]?.type === 'boolean' && words.some((word) => word.startsWith(`--${one}=`)),
  );
  if (name === undefined) return;
  throw new Refusal({
    reason: 'usage',
    what: `--${name} takes no value`,
    expected: `--${name} alone, or nothing`,
    got: `--${name}= with one`,
    next: 'Leave the value out',
  });
}

/** `stop --all` is all of the project; a wait for all of them would begin to wait for what others start. */
function nothingNamed(): Refusal {
  return new Refusal({
    reason: 'missing-id',
    what: '--all, --any and --count say how to wait for the sessions that are named, and none is',
    expected: 'session ids, their beginnings, --dir DIR, or --label KEY=VALUE',
    got: 'nothing',
    next: 'Name the sessions; the list shows those of this project that run',
    command: ['session', 'list', '--state', 'alive'],
  });
}

function beside(flag: string): Refusal {
  return new Refusal({
    reason: 'usage',
    what: `${flag} stands beside other sessions`,
    expected: 'all sessions as words, --dir once for each of them, or --label',
    got: `${flag} and more`,
    next: 'Name all sessions in one way',
  });
}
