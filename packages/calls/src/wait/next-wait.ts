import { formatDuration } from '../duration.ts';
import { type CapChoice, TOOL_MARGIN_MS } from './cap.ts';
import type { WaitStory } from './wait-story.ts';

/** What an alive session's waiter should do next. */
export interface NextWait {
  readonly action: 're-wait' | 'background';
  /** Safe as it stands: the caller's shell tool does not end it before it answers. */
  readonly cmd: string;
  /** The same wait for as long as pays, where the shell tool must be asked for more time. */
  readonly fullCmd?: string;
  readonly toolTimeoutMs?: number;
}

/** The same wait again, safe under the limit that this one had. */
export function sameWait({ verb, hints, target, waitFlags }: WaitStory, flags: readonly string[] = []): string {
  return hints.session(verb ?? 'wait', target, [...waitFlags, ...flags]);
}

/** The next command for an alive session, by what the caller's shell tool allows. */
export function nextWait(story: WaitStory): NextWait {
  return nextWaitAs(story.cap, (flags) => sameWait(story, flags));
}

/** `again` words the same wait with further flags. */
export function nextWaitAs({ lowered, paysNoMore }: CapChoice, again: (flags: readonly string[]) => string): NextWait {
  if (paysNoMore) {
    const limit = lowered === undefined ? {} : { toolTimeoutMs: lowered.toolMaxMs };
    return { action: 'background', cmd: again(['--until-done']), ...limit };
  }
  if (lowered === undefined) return { action: 're-wait', cmd: again([]) };
  const toolTimeoutMs = lowered.fullCapMs + TOOL_MARGIN_MS;
  if (toolTimeoutMs > lowered.toolMaxMs) {
    // No call of this tool lasts as long as pays: one wait in the background does.
    return { action: 'background', cmd: again(['--until-done']), toolTimeoutMs: lowered.toolMaxMs };
  }
  return {
    action: 're-wait',
    cmd: again([]),
    fullCmd: again(['--cap', formatDuration(lowered.fullCapMs)]),
    toolTimeoutMs,
  };
}
