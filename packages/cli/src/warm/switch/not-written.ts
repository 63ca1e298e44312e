import { callerName } from '@csa/calls/warm';
import { Refusal } from '@csa/session';
import type { HeartbeatEnd, WarmKey } from '@csa/warm';

/** One conversation that was to be off, of which that could not be written down. */
export interface NotWritten {
  readonly key: WarmKey;
  /** What became of whoever sent its requests. */
  readonly heartbeat: HeartbeatEnd;
  readonly refusal: Refusal;
}

/** The worst first: of several, that is what the user must hear. */
const WHAT: Readonly<Record<HeartbeatEnd, string>> = {
  unknown: 'whether the heartbeat has ended cannot be told, and that it is to be off could not be written down',
  wait: 'a wait still keeps it warm, because that it is to be off could not be written down',
  ended: 'the heartbeat has ended, but that it is off could not be written down',
  none: 'nobody sends anything now, but that it is off could not be written down',
};
const WORST = Object.keys(WHAT) as HeartbeatEnd[];
const AGAIN = 'the next csa session warm ID or a hook may start it again';
const NEXT: Readonly<Record<HeartbeatEnd, string>> = {
  unknown: 'it may go on, and be started again',
  wait: 'it goes on until the wait ends',
  ended: AGAIN,
  none: AGAIN,
};
const MENDS: Readonly<Record<string, string>> = {
  'disk-full': 'Free some space',
  'state-root-unwritable': 'Make the state root writable',
};

/** What was done, and what could not be, after everything was ended that could be. */
export function notWritten(all: readonly [NotWritten, ...NotWritten[]]): Refusal {
  const [worst] = all.toSorted((one, other) => WORST.indexOf(one.heartbeat) - WORST.indexOf(other.heartbeat));
  const { key, heartbeat, refusal } = worst ?? all[0];
  const { reason, expected, got, next } = refusal.detail;
  const others = all.length === 1 ? '' : `; so of ${all.length} conversations`;
  const mend = MENDS[reason] ?? next;
  return new Refusal({
    reason,
    what: `${WHAT[heartbeat]}${others}`,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    next: `${mend}, and switch it off again: until then ${NEXT[heartbeat]}`,
    command: ['session', 'warm', 'off', ...(all.length === 1 ? [key.session, '--caller', callerName(key.caller)] : [])],
    session: key.session,
    cause: refusal,
  });
}
