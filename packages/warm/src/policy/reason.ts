/** Why nothing was sent, or why warming ended. The set is closed: programs read these words. */
export const WARM_REASONS = [
  'not_enabled',
  'session_active',
  'session_ended',
  'refresh_in_progress',
  'min_interval_not_elapsed',
  'not_due',
  'no_new_records',
  'probe_failed',
  'source_cold',
  'empty_render',
  'superseded',
  'predicted_cold',
  'deadline_missed',
  'not_replayable',
  'below_min_prefix',
  'below_threshold',
  'break_even_reached',
  'budget_exhausted',
  'max_warms',
  'duration_elapsed',
  'driver_unavailable',
  'backoff',
  'cache_mismatch',
  'kill_switch',
] as const;

export type WarmReason = (typeof WARM_REASONS)[number];

/** Whether a text is one of them. */
export function isWarmReason(value: unknown): value is WarmReason {
  return typeof value === 'string' && (WARM_REASONS as readonly string[]).includes(value);
}
