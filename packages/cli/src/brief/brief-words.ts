import type { BriefReading, LiveReason, RefreshOutcome, SkipReason } from '@csa/brief';
import { cleanLine } from '@csa/markers';

const MAX_ERROR_BYTES = 300;

/** Why a refresh left the file as it is. */
const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  refresh_in_progress: 'another process is refreshing it; it was waited for in vain',
  min_interval_not_elapsed: 'it was refreshed a moment ago',
  no_new_records: 'nothing has changed since it was written',
  probe_failed: 'which sessions there are could not be found out, and it is never written blindly',
  source_cold: 'too much would have to be read beside a running session',
  empty_render: 'there is nothing to say; no file is kept that would say what is no longer so',
};

const LIVE_WORDS: Readonly<Record<Exclude<LiveReason, 'stale'>, string>> = {
  absent: 'cache-absent',
  changed: 'cache-changed',
  foreign: 'cache-foreign',
};

/** What a refresh did with the file, for people. */
export function refreshWords(outcome: RefreshOutcome, file: string): string {
  switch (outcome.kind) {
    case 'written':
      return `csa: the brief was written, ${outcome.renderedChars} characters: ${cleanLine(file)}`;
    case 'unchanged-bytes':
      return `csa: the brief says what it said before, its file was left as it is: ${cleanLine(file)}`;
    case 'skipped':
      return `csa: the brief was not written: ${SKIP_WORDS[outcome.reason]} (${outcome.reason})`;
    case 'failed':
      return `csa: the brief could not be written: ${errorWords(outcome.error)}; what is printed is as it is now`;
  }
}

/** What is said on standard error of where a brief came from; a clock that was set back, and a failure, always. */
export function readingNotes(reading: BriefReading, maxAgeMs: number, isVerbose: boolean): string[] {
  if (reading.kind === 'none' && reading.why === 'failed') return [`csa: no brief: ${errorWords(reading.error)}`];
  const future =
    reading.kind !== 'none' && reading.isFuture === true
      ? ['csa: warning: the brief was written in the future, by this clock: its age counts as 0']
      : [];
  return isVerbose ? [...future, originWords(reading, maxAgeMs)] : future;
}

export function errorWords(error: unknown): string {
  return cleanLine(error instanceof Error ? error.message : String(error), MAX_ERROR_BYTES);
}

function originWords(reading: Exclude<BriefReading, { why: 'failed' }>, maxAgeMs: number): string {
  if (reading.kind === 'hit') return `cache-hit age=${seconds(reading.ageMs)}`;
  if (reading.kind === 'none') {
    return reading.why === 'too_slow' ? 'rendering took too long: no brief' : 'rendered live: nothing to say';
  }
  const { why, ageMs } = reading;
  const age = ageMs === undefined ? '' : ` age=${seconds(ageMs)}`;
  const found = why === 'stale' ? `cache-stale${age} max=${seconds(maxAgeMs)}` : `${LIVE_WORDS[why]}${age}`;
  return `${found}: rendered live`;
}

/** Whole seconds, as verdicts show them. */
function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)}s`;
}
