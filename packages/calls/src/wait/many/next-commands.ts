import { Hints, targetWords } from '../../hints.ts';
import { type NextWait, nextWaitAs } from '../next-wait.ts';
import { type ManyStory, type MemberStory, stateOfMember } from './many-story.ts';
import { needFlags } from './need.ts';
import { areMany } from './short-names.ts';

/**
 * A command names the sessions that the caller named: it is as long as their ids, which no bound can be set to, like
 * paths. So only one of an answer's commands may be long; a second one stands beside it while it takes no more than
 * this, paths aside.
 */
const SECOND_COMMAND_BYTES = 200;
/** The next command while sessions live. */
export function nextWaitForMany(many: ManyStory): NextWait {
  const { fullCmd, toolTimeoutMs, ...next } = nextWaitOf(many);
  if (fullCmd === undefined) return toolTimeoutMs === undefined ? next : { ...next, toolTimeoutMs };
  const isShort = Buffer.byteLength(nextWaitOf(withoutPaths(many)).fullCmd ?? '') <= SECOND_COMMAND_BYTES;
  return isShort ? nextWaitOf(many) : next;
}

function nextWaitOf(many: ManyStory): NextWait {
  // A living session is always one that can be named.
  return nextWaitAs(many.cap, (flags) => sameWaitForMany(many, flags) ?? many.hints.command(['session', 'list']));
}

function withoutPaths(many: ManyStory): ManyStory {
  const members = many.members.map((member) => ({
    ...member,
    story: { ...member.story, target: { id: member.story.target.id } },
  }));
  return { ...many, members, hints: new Hints(['csa']) };
}

/**
 * The same wait again. It names those that have ended, too, so that its exit code is that of all of them; only one
 * whose directory is gone cannot be named any more. `undefined`: there is nothing left to wait for.
 */
export function sameWaitForMany(many: ManyStory, flags: readonly string[] = []): string | undefined {
  return waitFor(many, many.members, (count) => [...needFlags(many.need, count), ...flags]);
}

/**
 * A wait for what this answer leaves open. After --any and --count those that it is not about, also one that has ended
 * by now: its own answer is still to come. Where the need is not met, those that have not ended, as many as are missing.
 */
export function waitForRest(many: ManyStory): string | undefined {
  const { members, need, outcome } = many;
  if (outcome === 'met') {
    const others = members.filter(({ counts }) => !counts);
    return waitFor(many, others, () => [need.mode === 'any' ? '--any' : '--all']);
  }
  const open = members.filter((member) => ['alive', 'unknown'].includes(stateOfMember(member)));
  const over = members.length - open.length;
  return waitFor(many, open, (count) => needFlags({ ...need, count: need.count - over }, count));
}

function waitFor(
  many: ManyStory,
  members: readonly MemberStory[],
  flags: (count: number) => readonly string[],
): string | undefined {
  const named = members.filter(({ story }) => story.waited.end.kind !== 'lost');
  if (named.length === 0) return undefined;
  return many.hints.command(['session', 'wait', ...names(many, named), ...flags(named.length), ...many.waitFlags]);
}

/** One way to name them all: neither `--dir` nor `--cd` stands beside ids of anywhere. */
function names({ shortNames }: ManyStory, members: readonly MemberStory[]): string[] {
  const targets = members.map(({ story }) => story.target);
  const words = targets.map(targetWords);
  if (words.every(([first]) => first === '--dir')) return words.flat();
  const ids = targets.map(({ id }) => id);
  const isShort = shortNames !== undefined && areMany(ids.length);
  return isShort ? ['--cd', shortNames.project, ...ids.map(shortNames.nameOf)] : ids;
}
