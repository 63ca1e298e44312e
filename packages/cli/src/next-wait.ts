import { TOOL_MARGIN_MS } from './cap.ts';
import { formatDuration } from './duration.ts';
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

/** The next command, by what the caller's shell tool allows. */
export function nextWait({ hints, target, waitFlags, cap }: WaitStory): NextWait {
  const cmd = (...flags: string[]): string => hints.session('wait', target, [...waitFlags, ...flags]);
  if (cap.lowered === undefined) return { action: 're-wait', cmd: cmd() };
  const { fullCapMs, toolMaxMs } = cap.lowered;
  const toolTimeoutMs = fullCapMs + TOOL_MARGIN_MS;
  if (toolTimeoutMs > toolMaxMs) {
    // No call of this tool lasts as long as pays: one wait in the background does.
    return { action: 'background', cmd: cmd('--until-done'), toolTimeoutMs: toolMaxMs };
  }
  return { action: 're-wait', cmd: cmd(), fullCmd: cmd('--cap', formatDuration(fullCapMs)), toolTimeoutMs };
}
