import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '@csa/session';
import type { Turn } from '@csa/transcript';
import type { Driver } from '../drivers/driver.ts';
import { endLeftRunning } from '../store/in-flight.ts';
import type { WarmHolder } from '../store/warm-claim.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import type { WarmState } from '../store/warm-state.ts';
import { WarmStore } from '../store/warm-store.ts';
import { AnswerLine, type HeartbeatAnswer, recordOf } from './heartbeat-answer.ts';
import { Keeper } from './keeper.ts';
import { systemClock } from './keeper-clock.ts';
import type { SessionFact } from './keeper-parts.ts';
import { keepOnDisk, untilOnAnew } from './kept-record.ts';

/** What a heartbeat needs of the parts that this package does not know. */
export interface HeartbeatWorld {
  readonly env: NodeJS.ProcessEnv;
  /** Never throws: what it wants for is its driver's answer. */
  readonly driver: (state: WarmState) => Driver;
  /** Looks at the session whenever it is asked, and calls `nudge` when something may have changed. */
  readonly session: (state: WarmState, nudge: () => void) => SessionWatcher;
  /** The caller's last request, as its transcript tells. Never throws. */
  readonly lastUse: (state: WarmState) => Turn | undefined;
}

export interface SessionWatcher {
  /** Never rejects. */
  look(): Promise<SessionFact>;
  close(): void;
}

/** For so much longer than its time is a heartbeat believed to run where nobody can look at it. */
const CLAIM_MARGIN_MS = 60_000;

/**
 * The whole life of a heartbeat's process: claims its record, says on descriptor 3 what it does, and beats until there
 * is nothing left to do or SIGTERM comes. Its exit code says nothing, the record does. Whoever calls it has let go of
 * what the process inherited, and ends it afterwards.
 *
 * @param words of the command line, as `startHeartbeat` gives them
 */
export async function runHeartbeat(words: readonly string[], world: HeartbeatWorld): Promise<void> {
  // Heard from the first moment on: whoever ends it need not know how far it has come.
  const end = endOnSignals();
  const line = new AnswerLine();
  const record = recordOf(words);
  if (record === undefined) return line.say({ kind: 'failed', message: 'it was not told what to keep warm' });
  try {
    await new Heartbeat(record, world, line).run(end);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    line.say({ kind: 'failed', message: (error as Error).message });
  }
}

class Heartbeat {
  readonly #record: WarmRecord;
  readonly #world: HeartbeatWorld;
  readonly #line: AnswerLine;

  constructor(record: WarmRecord, world: HeartbeatWorld, line: AnswerLine) {
    this.#record = record;
    this.#world = world;
    this.#line = line;
  }

  /** Claims before it reads the state that counts: whoever switches off meanwhile is seen, or finds the claim. */
  async run(end: AbortSignal): Promise<void> {
    const taken = await this.#record.claim.take('heartbeat', this.#until());
    if (!('release' in taken)) return this.#line.say(answerBeside(taken));
    let answer: HeartbeatAnswer = { kind: 'idle' };
    try {
      await endLeftRunning(this.#record.root);
      const state = this.#record.requireState();
      if (state?.power.kind === 'on' && !end.aborted) answer = await this.#beat(state, end);
    } finally {
      taken.release();
    }
    // Only now: whoever hears it may start another one.
    this.#line.say(answer);
  }

  #until(): number {
    const state = this.#record.readState();
    return (state?.power.kind === 'on' ? state.power.until : Date.now()) + CLAIM_MARGIN_MS;
  }

  /**
   * It is ready once it has found something to do: whoever starts one that has nothing to send is told so.
   * @throws a system error where the books take no line: nothing could ever be sent
   */
  async #beat(state: WarmState, end: AbortSignal): Promise<HeartbeatAnswer> {
    this.#record.requireBooks();
    const world = this.#world;
    const store = new WarmStore(dirname(this.#record.root));
    const driver = world.driver(state);
    const session = world.session(state, () => keeper.nudge());
    const keeper = new Keeper({
      record: untilOnAnew(keepOnDisk(this.#record), state),
      driver,
      clock: systemClock,
      session: () => session.look(),
      lastUse: () => world.lastUse(state),
      others: () => store.booksBeside(this.#record.key),
      flight: store.flight(driver.credential),
      tell: store.tell,
      goesOn: () => this.#line.say({ kind: 'ready', pid: process.pid }),
      role: 'heartbeat',
      killSwitch: world.env['CSA_WARM'] === 'off',
    });
    const watcher = watchState(this.#record, () => keeper.nudge());
    try {
      const ended = await keeper.run(end);
      return ended.kind === 'stopped' ? ended : { kind: 'idle' };
    } finally {
      watcher?.close();
      session.close();
    }
  }
}

/** Nobody hears that another process beats unless it is known to run. */
function answerBeside({ kind }: WarmHolder): HeartbeatAnswer {
  if (kind === 'alive') return { kind: 'taken' };
  return { kind: 'failed', message: 'it cannot be told whether another process keeps this cache warm' };
}

/** Without it changes are seen at the next look, and every 250 ms while a request is under way. */
function watchState({ directory }: WarmRecord, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, (_event, name) => {
      if (name === null || name.startsWith('state.')) onChange();
    });
    return watcher.on('error', () => watcher.close());
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

function endOnSignals(): AbortSignal {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  return end.signal;
}
