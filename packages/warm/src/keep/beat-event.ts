import type { WarmReason } from '../policy/reason.ts';
import type { WarmEvent } from '../store/telemetry.ts';
import type { BeatEntry } from './beat-entry.ts';

/** What is told to programs about a beat that is over. */
export function eventOf(entry: BeatEntry): Pick<WarmEvent, 'event' | 'durationMs' | 'usage' | 'reason'> {
  const { durationMs, usage } = entry;
  if (entry.verdict === 'full' && !entry.stale) return { event: 'warm_success', durationMs, usage };
  return { event: 'warm_failed', durationMs, usage, reason: reasonOf(entry) };
}

function reasonOf({ verdict, reason, stale }: BeatEntry): WarmReason {
  if (stale) return 'superseded';
  if (verdict === 'error' || verdict === 'no_usage') return reason ?? 'probe_failed';
  return 'cache_mismatch';
}
