/**
 * What makes a brief be refreshed: its session starts or ends (`reactive`), time passes while a session lives
 * (`periodic`), somebody asks for it (`forced`).
 */
export type Trigger = 'reactive' | 'periodic' | 'forced';

export const TRIGGERS: readonly Trigger[] = ['reactive', 'periodic', 'forced'];

/** Why a refresh writes nothing: a closed set, told to programs. */
export type SkipReason =
  | 'refresh_in_progress'
  | 'min_interval_not_elapsed'
  | 'no_new_records'
  | 'probe_failed'
  | 'source_cold'
  | 'empty_render';
