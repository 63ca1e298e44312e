import type { Turn } from '@csa/transcript';
import type { Driver } from '../drivers/driver.ts';
import type { Flight } from '../store/flight.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { Tell } from '../store/telemetry.ts';
import type { ClaimRole } from '../store/warm-claim.ts';
import type { KeeperClock } from './keeper-clock.ts';
import type { KeptRecord } from './kept-record.ts';

export type SessionFact = 'alive' | 'over' | 'unknown';

/** What a keeper works with; in tests all of it is real but the clock. */
export interface KeeperParts {
  readonly record: KeptRecord;
  readonly driver: Driver;
  readonly clock: KeeperClock;
  /** Whether the session goes on. Never rejects. */
  readonly session: () => Promise<SessionFact>;
  /** The caller's last request, as its transcript tells. Never throws. */
  readonly lastUse: () => Turn | undefined;
  /** What stands in the books of the same caller's other sessions. Default: nothing. */
  readonly others?: () => readonly LedgerEntry[];
  /** What all share that ask with the driver's credential. */
  readonly flight: Flight;
  readonly tell: Tell;
  /** Called after each look that leaves something to do, and before that is done. Default: nobody asks. */
  readonly goesOn?: () => void;
  readonly role: ClaimRole;
  /** CSA_WARM=off. */
  readonly killSwitch: boolean;
  /** From 0 up to 1; default: Math.random. */
  readonly random?: () => number;
}
