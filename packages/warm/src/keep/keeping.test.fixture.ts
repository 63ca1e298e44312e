import { setImmediate as turn } from 'node:timers/promises';
import { temporaryDirectory } from '@csa/testkit';
import type { Turn } from '@csa/transcript';
import type { Driver, WarmAnswer, WarmContext } from '../drivers/driver.ts';
import type { Usage } from '../policy/usage.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmEvent } from '../store/telemetry.ts';
import { on } from '../store/transitions.ts';
import type { WarmKey } from '../store/warm-key.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import type { WarmSettings } from '../store/warm-state.ts';
import { WarmStore } from '../store/warm-store.ts';
import { Keeper, type KeeperEnd } from './keeper.ts';
import type { KeeperClock } from './keeper-clock.ts';
import type { KeeperParts, SessionFact } from './keeper-parts.ts';
import { keepOnDisk } from './kept-record.ts';

export const KEY: WarmKey = { caller: { agent: 'claude-code', id: 'c0ffee' }, session: '01M000000000000000000000AB' };
export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
const PREFIX_TOKENS = 100_000;
/** Promises that hang on each other are through after a few turns of the event loop. */
const TURNS = 8;

export const SETTINGS: WarmSettings = {
  sessionDirectory: '/nowhere',
  cwd: '/',
  driver: { name: 'command', argv: ['true'], timeoutMs: MINUTE },
  durationGiven: true,
  ttl: { ms: 300 * SECOND, source: 'flag' },
  threshold: 0,
  revive: false,
};

/** Time that passes when a test says so; nobody who sleeps on it is passed over. */
export class VirtualClock implements KeeperClock {
  #wall = Date.parse('2026-03-01T12:00:00Z');
  #monotonic = 0;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  sleeps = 0;

  wall(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps += 1;
    return new Promise((resolve) => {
      const sleeper = { at: this.#monotonic + ms, wake: () => this.#wake(sleeper, resolve) };
      if (signal.aborted) return resolve();
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  async advance(ms: number): Promise<void> {
    const target = this.#monotonic + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#pass(next.at - this.#monotonic);
      next.wake();
    }
    this.#pass(target - this.#monotonic);
    await settle();
  }

  /** The machine sleeps: nobody on it notices but by the wall clock. */
  suspend(ms: number): void {
    this.#wall += ms;
  }

  #pass(ms: number): void {
    this.#wall += Math.max(0, ms);
    this.#monotonic += Math.max(0, ms);
  }

  #wake(sleeper: { readonly at: number; readonly wake: () => void }, resolve: () => void): void {
    this.#sleepers.delete(sleeper);
    resolve();
  }
}

export async function settle(): Promise<void> {
  for (let i = 0; i < TURNS; i += 1) await turn();
}

/** A provider with one prefix, which lives from the start of the last request that read or wrote it. */
export class Provider {
  readonly #clock: KeeperClock;
  readonly ttlMs: number;
  /** When requests began, whoever sent them. */
  readonly starts: number[] = [];
  #aliveUntil = 0;

  constructor(clock: KeeperClock, ttlMs: number = 300 * SECOND) {
    this.#clock = clock;
    this.ttlMs = ttlMs;
  }

  request(): { readonly startedAt: number; readonly usage: Usage } {
    const startedAt = this.#clock.wall();
    const isThere = startedAt < this.#aliveUntil;
    this.#aliveUntil = startedAt + this.ttlMs;
    const [read, write] = isThere ? [PREFIX_TOKENS, 0] : [0, PREFIX_TOKENS];
    return { startedAt, usage: { input: 5, read, write, writeHour: 0, output: 1 } };
  }

  evict(): void {
    this.#aliveUntil = 0;
  }
}

export interface Sent {
  readonly at: number;
  readonly context: WarmContext;
  readonly signal: AbortSignal;
}

/** What a driver does with one request; the provider is asked unless it says otherwise. */
export type Script = (sent: Sent, provider: Provider) => WarmAnswer | Promise<WarmAnswer>;

export const asProvider: Script = (_, provider) => ({ kind: 'answered', ...provider.request() });

/** One conversation whose caller has just made a request and now waits. */
export class Scene {
  readonly clock: VirtualClock = new VirtualClock();
  readonly store: WarmStore = new WarmStore(temporaryDirectory());
  readonly record: WarmRecord = this.store.record(KEY);
  readonly provider: Provider;
  readonly sent: Sent[] = [];
  readonly events: WarmEvent[] = [];
  script: Script = asProvider;
  session: SessionFact = 'alive';
  turn: Turn | undefined;
  end: KeeperEnd | undefined;
  readonly #over = new AbortController();
  #turns = 0;

  constructor(ttlMs?: number) {
    this.provider = new Provider(this.clock, ttlMs);
    this.use();
  }

  /** The caller's own request. */
  use(more: Partial<Turn> = {}): void {
    const { startedAt, usage } = this.provider.request();
    this.#turns += 1;
    const tokens = {
      input: usage.input ?? 0,
      read: usage.read ?? 0,
      write: usage.write ?? 0,
      writeHour: usage.writeHour ?? 0,
      output: 1,
    };
    this.turn = { id: `turn-${this.#turns}`, startedAt, model: 'unknown', tokens, ...more };
  }

  switchOn(durationMs: number = 24 * HOUR, settings: Partial<WarmSettings> = {}): void {
    const at = this.clock.wall();
    this.record.change(on({ key: KEY, at, until: at + durationMs, settings: { ...SETTINGS, ...settings } }));
  }

  keep(parts: Partial<KeeperParts> = {}, end: AbortSignal = this.#over.signal): Keeper {
    const driver: Driver = {
      name: 'scripted',
      credential: 'one',
      warm: async (context, signal) => {
        const sent = { at: this.clock.wall(), context, signal };
        this.sent.push(sent);
        return this.script(sent, this.provider);
      },
    };
    const keeper = new Keeper({
      record: keepOnDisk(this.record),
      driver,
      clock: this.clock,
      session: async () => this.session,
      lastUse: () => this.turn,
      flight: this.store.flight('one'),
      tell: (event) => {
        this.events.push(event);
        this.store.tell(event);
      },
      role: 'heartbeat',
      killSwitch: false,
      random: () => 0,
      ...parts,
    });
    void keeper.run(end).then((end) => {
      this.end = end;
    });
    return keeper;
  }

  abort(): void {
    this.#over.abort();
  }

  /** Seconds after `from` at which requests were sent. */
  sentAfter(from: number): number[] {
    return this.sent.map(({ at }) => Math.round((at - from) / SECOND));
  }

  get beats(): Extract<LedgerEntry, { kind: 'beat' }>[] {
    return this.record.readLedger().filter((entry) => entry.kind === 'beat');
  }

  skipped(): string[] {
    return this.events.flatMap(({ event, reason }) => (event === 'warm_skipped' ? [String(reason)] : []));
  }
}

/** A scene in which a keeper keeps the prefix of a caller whose last request began just now. */
export function keeping(durationMs?: number, settings?: Partial<WarmSettings>): Scene {
  const scene = new Scene(settings?.ttl?.ms);
  scene.switchOn(durationMs, settings);
  scene.keep();
  return scene;
}
