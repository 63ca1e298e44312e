import { errnoOf, type Hold, Refusal } from '@csa/session';
import type { WarmReason } from '../policy/reason.ts';
import { type Tell, tellOnce, type WarmEvent } from '../store/telemetry.ts';
import type { WarmState } from '../store/warm-state.ts';
import { limitBy } from './backoff.ts';
import { ABORT_MS, type BeatOrder, beat } from './beat.ts';
import { eventOf } from './beat-event.ts';
import type { KeeperParts } from './keeper-parts.ts';
import { type Look, Lookout } from './lookout.ts';
import { OpenBooks } from './open-books.ts';

/** `aborted`: whoever runs it wanted its end. */
export type KeeperEnd = { readonly kind: 'stopped'; readonly reason: WarmReason } | { readonly kind: 'aborted' };

type Step = Extract<KeeperEnd, { kind: 'stopped' }> | { readonly kind: 'again'; readonly ms: number };

/** Asleep for longer than that, nobody would see that the machine slept too, or that its clock was set. */
const LONGEST_SLEEP_MS = 60_000;
/** After a file could not be read or written: it may pass. */
const TROUBLE_MS = 10_000;
const CLAIMED_MS = 1_000;
const LONGEST_REQUEST_MS = 120_000;
/** No later than that after the end of its time a keeper has ended, whatever its driver does. */
const LATEST_MS = 1_000;
/** For so much longer than a request may take is its claim believed of a process that nobody can look at. */
const CLAIM_MARGIN_MS = 60_000;

/**
 * Keeps one prefix warm for as long as its record says: looks, decides, sends what is due, and sleeps until the next
 * look, a minute at most. Whatever has to outlive it is in the record.
 */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #tell: Tell;
  #open: { readonly books: OpenBooks; readonly lookout: Lookout } | undefined;
  #nudge = new AbortController();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#tell = tellOnce(parts.tell);
  }

  /** Makes it look at once; from anywhere, any number of times. */
  nudge(): void {
    this.#nudge.abort();
  }

  /** Ends when there is nothing left to do, which it writes into the record, or soon after `signal` is aborted. */
  async run(signal: AbortSignal): Promise<KeeperEnd> {
    while (!signal.aborted) {
      // Before the look, so that what changes during it is looked at next.
      this.#nudge = new AbortController();
      const step = await this.#step(signal);
      if (step.kind === 'stopped') return step;
      const ms = Math.min(step.ms, LONGEST_SLEEP_MS);
      if (ms > 0) await this.#parts.clock.sleep(ms, AbortSignal.any([signal, this.#nudge.signal]));
    }
    this.#sayOff();
    return { kind: 'aborted' };
  }

  async #step(signal: AbortSignal): Promise<Step> {
    try {
      const look = await this.#lookout().look();
      if (look !== undefined) return await this.#follow(look, signal);
      this.#sayOff();
      return { kind: 'stopped', reason: 'not_enabled' };
    } catch (error) {
      if (!(error instanceof Refusal) && errnoOf(error) === undefined) throw error;
      this.#parts.goesOn?.();
      return { kind: 'again', ms: TROUBLE_MS };
    }
  }

  /** @throws a system error where the books cannot be read: nothing is sent that they may forbid */
  #lookout(): Lookout {
    if (this.#open === undefined) {
      const books = new OpenBooks(this.#parts.record);
      this.#open = { books, lookout: new Lookout(this.#parts, books) };
    }
    return this.#open.lookout;
  }

  #follow(look: Look, signal: AbortSignal): Step | Promise<Step> {
    const { decision, state } = look;
    if (decision.kind !== 'stop') this.#parts.goesOn?.();
    switch (decision.kind) {
      case 'stop':
        return this.#stop(state, decision.reason);
      case 'skip':
        this.#say(state, { event: 'warm_skipped', reason: decision.reason });
        return { kind: 'again', ms: decision.againMs };
      case 'due':
        return this.#beat(look, signal);
    }
  }

  async #beat(look: Look, signal: AbortSignal): Promise<Step> {
    const { clock, flight, role } = this.#parts;
    const timeoutMs = Math.min(look.leftMs - ABORT_MS + LATEST_MS, LONGEST_REQUEST_MS);
    if (timeoutMs <= 0) return { kind: 'again', ms: look.leftMs };
    const asked = clock.monotonic();
    const hold = await flight.take(role, clock.wall() + timeoutMs + CLAIM_MARGIN_MS);
    if (!('release' in hold)) {
      this.#say(look.state, { event: 'warm_skipped', reason: 'refresh_in_progress' });
      return { kind: 'again', ms: CLAIMED_MS };
    }
    try {
      // To end what a dead one has left running takes its time: then the look is an old one.
      const isLate = signal.aborted || clock.monotonic() - asked > LATEST_MS;
      return isLate ? { kind: 'again', ms: 0 } : await this.#beatAlone({ ...look, timeoutMs }, hold, signal);
    } finally {
      hold.release();
    }
  }

  async #beatAlone(look: Look & BeatOrder, hold: Hold, signal: AbortSignal): Promise<Step> {
    const { record, driver, clock, session, flight } = this.#parts;
    const { state } = look;
    const readState = (): WarmState | undefined => record.readState();
    if (this.#open === undefined || readState()?.generation !== state.generation) return { kind: 'again', ms: 0 };
    const { books, lookout } = this.#open;
    // Whoever held the claim until now may have met it.
    if (lookout.limitedMs(look.evidence.ttl.ms) > 0) return { kind: 'again', ms: 0 };
    this.#say(state, { event: 'warm_started' });
    try {
      const beaten = await beat({ driver, books, clock, readState, session, onProcess: hold.note }, look, signal);
      const limit = limitBy(beaten.entry);
      if (limit !== undefined) flight.noteLimit(limit);
      lookout.learn(beaten, look.evidence);
      this.#say(state, eventOf(beaten.entry));
      return { kind: 'again', ms: 0 };
    } catch (error) {
      // Books that are full stay full.
      if (errnoOf(error) !== 'EFBIG') throw error;
      return this.#stop(state, 'max_warms');
    }
  }

  /** Not when the state has changed meanwhile: then it is looked at anew. */
  #stop(state: WarmState, reason: WarmReason): Step {
    if (!this.#conclude(state, reason)) return { kind: 'again', ms: 0 };
    this.#say(state, { event: 'warm_stopped', reason });
    return { kind: 'stopped', reason };
  }

  #conclude({ generation }: WarmState, reason: WarmReason): boolean {
    try {
      return this.#parts.record.conclude(generation, this.#parts.clock.wall(), reason);
    } catch (error) {
      // A disk that takes nothing is no reason to go on.
      if (error instanceof Refusal) return true;
      throw error;
    }
  }

  /** Somebody else has switched it off. */
  #sayOff(): void {
    const state = this.#tryToRead();
    if (state?.power.kind === 'off') this.#say(state, { event: 'warm_stopped', reason: state.power.reason });
  }

  #tryToRead(): WarmState | undefined {
    try {
      return this.#parts.record.readState();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }

  #say({ key, generation }: WarmState, what: Pick<WarmEvent, 'event'> & Partial<WarmEvent>): void {
    const { clock, driver, role } = this.#parts;
    this.#tell({
      at: clock.wall(),
      session: key.session,
      caller: key.caller.id,
      trigger: role,
      driver: driver.name,
      generation,
      ...what,
    });
  }
}
