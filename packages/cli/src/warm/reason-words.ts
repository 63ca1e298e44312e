import type { WarmReason } from '@csa/warm';

/** Why nothing was sent, or why warming ended, for people: each continues "because" or stands alone. */
export const REASON_WORDS: Readonly<Record<WarmReason, string>> = {
  not_enabled: 'it was switched off',
  session_active: "the caller's own request is under way, which reads the cache by itself",
  session_ended: 'the session has ended',
  refresh_in_progress: 'another request on the same credential is under way',
  min_interval_not_elapsed: 'the last request was too short ago',
  not_due: 'the cache is not due yet',
  no_new_records: 'there is nothing new to read',
  probe_failed: 'the request failed, and may be tried again',
  source_cold: 'what would be read is cold itself',
  empty_render: 'there is nothing to send',
  superseded: 'something newer took its place',
  predicted_cold:
    'the cache is taken to be cold, and warming revives none (--revive does, at the price of a full write)',
  deadline_missed: 'the time for the request was slept through (a suspend, or a jump of the clock)',
  not_replayable: 'the captured request cannot be sent again as it is',
  below_min_prefix: 'the conversation is too short for its provider to cache it',
  below_threshold: 'one request saves less than the threshold',
  break_even_reached: 'a further request would cost more than it could save',
  budget_exhausted: 'the budget does not allow a further request',
  max_warms: 'as many requests were sent as were allowed',
  duration_elapsed: 'the time that was asked for is over',
  driver_unavailable: 'there is nothing that could send a request',
  backoff: 'the provider wants to be left alone for a while',
  cache_mismatch: 'a request wrote to the cache or missed it: it was not the prefix of the conversation',
  kill_switch: 'CSA_WARM=off stops everything',
};
