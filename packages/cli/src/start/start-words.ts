import { Refusal } from '@csa/session';
import { parseDuration } from '../duration.ts';

const MAX_TIME_RANGE = { name: '--max-time', minMs: 1, maxMs: 20 * 86_400_000 };
const IDLE_RANGE = { ...MAX_TIME_RANGE, name: '--idle-timeout', minMs: 1_000 };
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/;
/** What tells a command where its session is; nobody may point it elsewhere. */
const RESERVED = new Set(['CSA_SESSION_ID', 'CSA_SESSION_DIR', 'CSA_RESULT_FILE']);

type Argv = readonly [command: string, ...args: string[]];

/**
 * Splits at the first `--`: what follows is the command and is never parsed. `command` checks that there is one;
 * `stray` are the words before `--` that are no flags.
 * @throws Refusal reason=missing-command where there is no `--`: the command's own flags would be taken for ours
 */
export function splitCommand(argv: readonly string[]): {
  before: string[];
  command: (stray: readonly unknown[]) => Argv;
} {
  const at = argv.indexOf('--');
  if (at === -1) throw missing(describeWords(argv[0]));
  return { before: argv.slice(0, at), command: (stray) => requireCommand(stray, argv.slice(at + 1)) };
}

/** Only a word that stands first: any other may be the value of a flag, and a secret. */
function describeWords(first: string | undefined): string {
  if (first === undefined || first.startsWith('-')) return 'no -- at all';
  return `the word ${JSON.stringify(first.slice(0, 80))} without -- before it`;
}

function requireCommand(stray: readonly unknown[], after: readonly string[]): Argv {
  if (stray.length > 0) throw missing(`the word ${JSON.stringify(String(stray[0]))} before --`);
  const [command, ...args] = after;
  if (command === undefined) throw missing('nothing after --');
  if (command === '') throw missing('an empty word as the command');
  if (after.some((word) => word.includes('\0'))) throw missing('a word with a NUL character');
  return [command, ...args];
}

function missing(got: string): Refusal {
  return new Refusal({
    reason: 'missing-command',
    what: 'which command to start is not said',
    expected: 'the command after --, as in: csa session start -- npm test',
    got,
    next: 'Put -- before the command',
    command: ['session', 'start', '--help'],
  });
}

/** Milliseconds. @throws Refusal reason=bad-duration | out-of-range */
export function parseMaxTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text, MAX_TIME_RANGE);
}

/**
 * Milliseconds.
 * @throws Refusal reason=bad-duration | out-of-range, and idle-unmeasurable where a silent command that works cannot be
 * told from one that does nothing
 */
export function parseIdleLimit(text: string | undefined, canMeasure: () => boolean): number | undefined {
  if (text === undefined) return undefined;
  const limitMs = parseDuration(text, IDLE_RANGE);
  if (canMeasure()) return limitMs;
  throw new Refusal({
    reason: 'idle-unmeasurable',
    what: '--idle-timeout cannot be kept here: whether a silent command works cannot be seen',
    expected: 'a /proc that shows all processes of this pid namespace',
    got: process.platform === 'linux' ? 'a /proc that hides some of them, or is of another namespace' : 'no /proc',
    next: 'Leave it out, or limit the whole time with --max-time',
  });
}

/**
 * `NAME=VALUE` sets a variable, `NAME` alone passes the caller's own value on.
 * @throws Refusal reason=bad-env
 */
export function parseEnvironment(assignments: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(assignments.map((text) => parseAssignment(text, env)));
}

function parseAssignment(text: string, env: NodeJS.ProcessEnv): [name: string, value: string] {
  const [, name, given] = VARIABLE.exec(text) ?? [];
  if (name === undefined || RESERVED.has(name) || text.includes('\0')) {
    throw badVariable('--env sets no variable', `NAME=VALUE or NAME, and not ${[...RESERVED].join(', ')}`, text);
  }
  const value = given ?? (Object.hasOwn(env, name) ? env[name] : undefined);
  if (value === undefined) throw badVariable('--env has nothing to pass on', 'a variable that is set here', text);
  return [name, value];
}

function badVariable(what: string, expected: string, text: string): Refusal {
  return new Refusal({
    reason: 'bad-env',
    what,
    expected,
    // The value may be a secret.
    got: JSON.stringify(text.split('=')[0]?.slice(0, 40)),
    next: 'Write --env NAME=VALUE',
  });
}
