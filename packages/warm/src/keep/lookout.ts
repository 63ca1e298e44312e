import { isProof } from '../policy/attempts.ts';
import { decideWarm, isRevival } from '../policy/decide.ts';
import { defined } from '../policy/defined.ts';
import type { WarmClock, WarmDecision, WarmFacts, WarmMoney } from '../policy/facts.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmState } from '../store/warm-state.ts';
import { AgeGauge } from './age-gauge.ts';
import { backoffUntil, limitedUntil } from './backoff.ts';
import type { Beaten } from './beat.ts';
import { Countdown } from './countdown.ts';
import { type Evidence, weigh } from './evidence.ts';
import { Jitter } from './jitter.ts';
import type { KeeperParts } from './keeper-parts.ts';
import type { OpenBooks } from './open-books.ts';

/** One look: what was decided, and on what. */
export interface Look {
  readonly state: WarmState;
  readonly evidence: Evidence;
  readonly leftMs: number;
  /** The prefix is cold, and is to be written anew: it was asked for. */
  readonly isRevival: boolean;
  readonly decision: WarmDecision;
}

type Refusal = Exclude<WarmFacts['driver'], 'ready'>;

/** While its session goes on a caller is taken to return. */
const CERTAIN_PER_MILLE = 1000;

/** Gathers the facts of one moment and has them judged; remembers what no file tells. */
export class Lookout {
  readonly #parts: KeeperParts;
  readonly #books: OpenBooks;
  readonly #gauge: AgeGauge;
  readonly #countdown: Countdown;
  readonly #jitter: Jitter;
  /** The anchor for which a beat was planned. */
  #planned: number | undefined;
  /** The anchor whose prefix a driver has found to be too old. */
  #cold: number | undefined;
  /** No second try would change it. */
  #refusal: Refusal | undefined;

  constructor(parts: KeeperParts, books: OpenBooks) {
    this.#parts = parts;
    this.#books = books;
    this.#gauge = new AgeGauge(parts.clock);
    this.#countdown = new Countdown(parts.clock);
    this.#jitter = new Jitter(parts.random ?? Math.random);
  }

  /** `undefined`: nothing is on, or was ever switched on. */
  async look(): Promise<Look | undefined> {
    const [session, holder] = await Promise.all([this.#parts.session(), this.#parts.flight.holder()]);
    const state = this.#parts.record.readState();
    if (state?.power.kind !== 'on') return undefined;
    this.#noteUse(state);
    const others = this.#parts.others?.() ?? [];
    const evidence = weigh(state, this.#books.entries, others);
    const leftMs = this.#countdown.left(state.power.until);
    const facts: WarmFacts = {
      killSwitch: this.#parts.killSwitch,
      enabled: true,
      leftMs,
      durationGiven: state.settings.durationGiven,
      session,
      caller: state.caller,
      inFlight: holder.kind !== 'nobody',
      driver: this.#refusal ?? 'ready',
      revive: this.#isToRevive(state),
      clock: this.#clockFacts(evidence, others),
      history: { ...evidence.books.sinceUse, ...defined('maxWarms', state.settings.maxWarms) },
      money: moneyFacts(state, evidence),
    };
    const decision = decideWarm(facts);
    if (decision.kind === 'skip' && !isPast(decision)) this.#planned = evidence.anchor;
    return { state, evidence, leftMs, isRevival: isRevival(facts), decision };
  }

  /** For how much longer the provider is left alone because of whoever asks with the same credential. */
  limitedMs(ttlMs: number): number {
    const now = this.#parts.clock.wall();
    return Math.max(0, limitedUntil(this.#parts.flight.limit(), ttlMs, now) - now);
  }

  /** Remembers of a beat what the books do not say. */
  learn({ entry, answer, sentAt }: Beaten, { anchor }: Evidence): void {
    // Of any other request no life begins, and the gauge would forget since when the prefix lives.
    if (isProof(entry)) this.#gauge.note(entry.at, sentAt);
    if (answer.kind !== 'failed') return;
    if (answer.reason === 'predicted_cold') this.#cold = anchor;
    else if (!answer.retryable) this.#refusal = answer.reason === 'not_replayable' ? 'not_replayable' : 'unavailable';
  }

  /** A transcript knows best; where there is none, hooks tell when the caller's requests began. */
  #noteUse({ anchor }: WarmState): void {
    const turn = this.#parts.lastUse();
    if (turn !== undefined) this.#books.noteTurn(turn);
    else if (anchor !== undefined) this.#books.noteAnchor(anchor);
  }

  #clockFacts({ anchor, ttl, intervalMs, books }: Evidence, others: readonly LedgerEntry[]): WarmClock {
    const now = this.#parts.clock.wall();
    const age = this.#gauge.age(anchor);
    const attempt = books.lastAttemptAt;
    return {
      ageMs: this.#cold === anchor ? Math.max(age, ttl.ms) : age,
      ttlMs: ttl.ms,
      intervalMs: this.#jitter.shorten(intervalMs, anchor),
      planned: this.#planned === anchor,
      ...defined('sinceAttemptMs', attempt === undefined ? undefined : Math.max(0, now - attempt)),
      backoffMs: Math.max(0, backoffUntil([...this.#books.entries, ...others], ttl.ms) - now, this.limitedMs(ttl.ms)),
    };
  }

  /** Once: what was sent since it was asked for has been the revival. */
  #isToRevive({ settings, power }: WarmState): boolean {
    if (!settings.revive || power.kind !== 'on') return false;
    return !this.#books.entries.some((entry) => entry.kind !== 'use' && entry.at >= power.since);
  }
}

/** A prefix that was given up is not waited for. */
function isPast({ reason }: Extract<WarmDecision, { kind: 'skip' }>): boolean {
  return reason === 'predicted_cold' || reason === 'deadline_missed';
}

function moneyFacts({ settings }: WarmState, { pricing, tier, books, prefixTokens }: Evidence): WarmMoney {
  // Of money that nobody can count as much as there is may be spent; without any price what drivers have named counts.
  const unknown = pricing.inputPrice === undefined ? books.spentAtLeast : Number.MAX_SAFE_INTEGER;
  return {
    pricing,
    tier,
    ...defined('prefixTokens', prefixTokens),
    returnPerMille: CERTAIN_PER_MILLE,
    spent: books.money?.spent ?? unknown,
    ...defined('budget', settings.budget),
    ...defined('budgetPerWarm', settings.budgetPerWarm),
    threshold: settings.threshold,
  };
}
