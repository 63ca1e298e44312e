import { closeSync } from 'node:fs';
import { groupHasLiveMember, identify, type ProcessIdentity, probe } from '@csa/liveness';
import { readStopRequest, recordCommand, type StopRequest } from '@csa/session';
import { Activity } from './activity.ts';
import type { Born } from './birth.ts';
import { giveUpStdin } from './given-stdin.ts';
import { IdleWatch } from './idle-watch.ts';
import { launch } from './launch.ts';
import type { Plan } from './plan.ts';
import type { SignalInbox } from './signal-inbox.ts';
import { Strays } from './strays.ts';
import { type Cause, type Effect, type End, type Event, INITIAL, type State, transition } from './transition.ts';

/** How a command's life went. */
export interface Life {
  readonly end: End;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly warnings: readonly string[];
}

const GROUP_LOOK_MS = 50;

/**
 * Runs the command of a born session to its end: carries out what {@link transition} says, and tells it what happens.
 * Publishes nothing itself.
 */
export class Supervision {
  readonly #inbox: SignalInbox;
  readonly #plan: Plan;
  readonly #born: Born;
  readonly #warnings: string[];
  readonly #ended = Promise.withResolvers<End>();
  readonly #seenStops = new Set<string>();
  #state: State = INITIAL;
  #pid: number | undefined;
  #identity: ProcessIdentity | undefined;
  #grace: NodeJS.Timeout | undefined;
  #graceEnd = Number.POSITIVE_INFINITY;
  #limit: NodeJS.Timeout | undefined;
  #idleWatch: IdleWatch | undefined;
  #groupLook: NodeJS.Timeout | undefined;
  readonly #strays: Strays;

  constructor(plan: Plan, born: Born, inbox: SignalInbox) {
    this.#inbox = inbox;
    this.#plan = plan;
    this.#born = born;
    this.#warnings = [...born.warnings];
    this.#strays = new Strays(plan.id);
  }

  /** `onRunning`: called once the command runs, and has been recorded. */
  async run(onRunning: () => void): Promise<Life> {
    const startedAt = new Date().toISOString();
    // What came in before ends the command as soon as it runs.
    this.#inbox.read((signal) => void this.#onSignal(signal));
    const launched = launch(this.#plan, this.#born.logs);
    giveUpStdin();
    void launched.ended.then((event) => this.#tell(event));
    if (launched.pid !== undefined) {
      await this.#onSpawned(launched.pid);
      onRunning();
    }
    const end = await this.#ended.promise;
    for (const timer of [this.#grace, this.#limit, this.#groupLook]) clearTimeout(timer);
    for (const fd of Object.values(this.#born.logs)) closeSync(fd);
    return { end, startedAt, warnings: this.#warnings };
  }

  /** Kills everything of the command: for a supervisor that cannot go on. */
  kill(): void {
    this.#signalGroup('SIGKILL');
  }

  async #onSpawned(pid: number): Promise<void> {
    this.#pid = pid;
    this.#tell({ kind: 'spawned' });
    const limitMs = this.#plan.maxTimeMs;
    if (limitMs !== undefined) {
      const cause: Cause = { kind: 'time-limit', limitMs };
      this.#limit = setTimeout(() => this.#tell({ kind: 'asked-to-end', cause }), limitMs);
    }
    this.#watchIdleness(pid);
    try {
      // Ours to reap: until the event loop turns it stays at least a zombie, so its identity can still be read.
      const identity = await identify(pid);
      this.#identity = identity;
      if (identity !== undefined) recordCommand(this.#born.session, identity);
    } catch (error) {
      this.#warnings.push(`command.pid could not be written: ${String(error)}`);
    }
  }

  #watchIdleness(leader: number): void {
    const limitMs = this.#plan.idleLimitMs;
    if (limitMs === undefined || this.#state.phase !== 'running') return;
    const watched = { id: this.#plan.id, leader, logs: this.#born.logs };
    const activity = new Activity(watched, (text) => this.#warnings.push(text));
    this.#idleWatch = new IdleWatch(limitMs, activity, () => void this.#onIdle(limitMs));
  }

  async #onIdle(limitMs: number): Promise<void> {
    if (await this.#hasEndedUnseen()) return;
    this.#tell({ kind: 'asked-to-end', cause: { kind: 'idle-limit', limitMs } });
  }

  #tell(event: Event): void {
    const { state, effects } = transition(this.#state, event);
    this.#state = state;
    if (state.phase !== 'running') this.#idleWatch?.end();
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'signal-group':
        this.#signalGroup(effect.signal);
        break;
      case 'arm-grace':
        this.#armGrace(effect.ms);
        break;
      case 'watch-group':
        this.#watchGroup();
        break;
      case 'publish':
        this.#ended.resolve(effect.end);
        break;
    }
  }

  /** An end that was promised is never put off: somebody who asks again and again would keep the command alive. */
  #armGrace(ms: number): void {
    const end = performance.now() + ms;
    if (end >= this.#graceEnd) return;
    this.#graceEnd = end;
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#graceEnd = Number.POSITIVE_INFINITY;
      this.#tell({ kind: 'grace-over' });
    }, ms);
  }

  /** The group is the command's: its leader is our child, and no process id is reused while a group carries it. */
  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#pid === undefined) return;
    try {
      process.kill(-this.#pid, signal);
      // A stopped process takes no signal but this and SIGKILL.
      if (signal !== 'SIGKILL') process.kill(-this.#pid, 'SIGCONT');
    } catch {
      // ESRCH: nothing of the group is left, and its end is on its way.
    }
  }

  /** First the group, then whatever has left it for a session of its own. */
  #watchGroup(): void {
    const isGroupGone = this.#pid === undefined || !groupHasLiveMember(this.#pid);
    if (isGroupGone && this.#strays.areGone(this.#hasKilled() ? 'SIGKILL' : 'SIGTERM')) {
      this.#tell({ kind: 'group-gone' });
      return;
    }
    this.#groupLook = setTimeout(() => this.#watchGroup(), GROUP_LOOK_MS);
  }

  #hasKilled(): boolean {
    return this.#state.phase === 'ending' && this.#state.killed;
  }

  async #onSignal(signal: NodeJS.Signals): Promise<void> {
    if (await this.#hasEndedUnseen()) return;
    const request = this.#newStopRequest();
    const cause: Cause = request === undefined ? { kind: 'terminated', signal } : { kind: 'stop', request };
    this.#tell({ kind: 'asked-to-end', cause });
  }

  /** A command that has ended by itself before its supervisor could act was not ended by anybody. */
  async #hasEndedUnseen(): Promise<boolean> {
    if (this.#state.phase !== 'running' || this.#identity === undefined) return false;
    return (await probe(this.#identity)).state === 'dead';
  }

  /** A signal carries neither sender nor reason: the request beside it does. One request counts once. */
  #newStopRequest(): StopRequest | undefined {
    const reading = readStopRequest(this.#born.session);
    if (reading.kind !== 'present') return undefined;
    const key = JSON.stringify(reading.value);
    if (this.#seenStops.has(key)) return undefined;
    this.#seenStops.add(key);
    return reading.value;
  }
}
