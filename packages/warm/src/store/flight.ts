import { count, errnoOf, type Hold, object, Register } from '@csa/session/files';
import { type ClaimRole, WarmClaim, type WarmHolder } from './warm-claim.ts';

/** A request that a provider would not serve, for too many were sent. Times in milliseconds since the epoch. */
export interface Limit {
  /** When it began. */
  readonly at: number;
  /** Until when the provider wants to be left alone; before `at` where it did not say. */
  readonly until: number;
}

const MAX_ATTEMPTS = 20;

/** What all who ask with one credential share: one request at a time, and their provider's patience. */
export class Flight {
  readonly #claim: WarmClaim;
  readonly #limit: Register<Limit>;

  constructor(directory: string, name: string) {
    this.#claim = new WarmClaim(directory, name);
    this.#limit = new Register({ directory, name: `limit-${name}`, parse: object<Limit>({ at: count, until: count }) });
  }

  /** Who asks now. Only looks. */
  holder(): Promise<WarmHolder> {
    return this.#claim.holder();
  }

  /** As {@link WarmClaim.take}. @throws a system error: nothing was taken */
  take(role: ClaimRole, until: number): Promise<Hold | Exclude<WarmHolder, { kind: 'nobody' }>> {
    return this.#claim.take(role, until);
  }

  /** The last limit that anybody has met. @throws a system error for trouble of the reader's own: it is not known */
  limit(): Limit | undefined {
    const { reading } = this.#limit.read();
    if (reading.kind === 'error') throw Object.assign(new Error(reading.code), { code: reading.code });
    return reading.kind === 'present' ? reading.value : undefined;
  }

  /** For whoever asks next. Never throws: where it cannot be written, the books of whoever met it still say so. */
  noteLimit(limit: Limit): void {
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        if (this.#limit.tryWrite(this.#limit.read().number, limit)) return;
      }
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
}
