import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { World } from './world.ts';

const SLEEP_SECONDS = 600;

/** Fills the `__NAME__` of one fixture, and keeps the sleepers that its process placeholders stand for. */
export class Placeholders {
  readonly #world: World;
  readonly #session: string;
  readonly #sleepers = new Map<string, ChildProcess & { pid: number }>();
  #deadPid: number | undefined;

  constructor(world: World, session: string) {
    this.#world = world;
    this.#session = session;
  }

  /** Pids of the sleepers started so far. */
  get pids(): readonly number[] {
    return [...this.#sleepers.values()].map((sleeper) => sleeper.pid);
  }

  fill(text: string): string {
    return text.replace(/__([A-Z_]+(?:-\d+s)?)__/g, (_, key: string) => this.#valueOf(key));
  }

  /** By their handles and not by pid: one that the test has ended itself is no longer ours to signal. */
  endSleepers(): void {
    for (const sleeper of this.#sleepers.values()) sleeper.kill('SIGKILL');
  }

  #valueOf(key: string): string {
    const age = /^NOW-(\d+)s$/.exec(key)?.[1];
    if (age !== undefined) return nanosecondTime(Date.now() - Number(age) * 1000);
    switch (key) {
      case 'PROJECT':
        return this.#world.project;
      case 'ALIVE_PID':
        return String(this.#unrelatedSleeper());
      case 'ALIVE_TICKS':
        return String(startTicks(this.#unrelatedSleeper()));
      case 'WRONG_TICKS':
        return String(startTicks(this.#unrelatedSleeper()) + 1);
      case 'ALIVE_MATCHING_PID':
        return String(this.#sleeperThatNamesTheSession());
      case 'DEAD_PID':
        this.#deadPid ??= spawnSync('true').pid;
        return String(this.#deadPid);
      default:
        throw new Error(`unknown placeholder __${key}__`);
    }
  }

  #unrelatedSleeper(): number {
    return this.#sleeper('unrelated', 'sleep', [String(SLEEP_SECONDS)]);
  }

  /** Node and not sleep(1): one that is part of a multi-call binary goes by argv[0], and takes no further words. */
  #sleeperThatNamesTheSession(): number {
    const words = ['csa', 'run', '--daemon-child', '--session-id', this.#session];
    return this.#sleeper('matching', process.execPath, [
      '-e',
      `setTimeout(() => {}, ${SLEEP_SECONDS}e3)`,
      '--',
      ...words,
    ]);
  }

  #sleeper(role: string, program: string, args: readonly string[]): number {
    const known = this.#sleepers.get(role);
    if (known !== undefined) return known.pid;
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env: this.#world.env });
    child.unref();
    const { pid } = child;
    if (pid === undefined) throw new Error(`${program} could not be started`);
    this.#sleepers.set(role, Object.assign(child, { pid }));
    return pid;
  }
}

/** Field 22 of proc_pid_stat(5); the name before it may hold spaces and parentheses. */
function startTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

/** RFC 3339 with nine digits after the point, as the sessions' own files have it. */
function nanosecondTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000000Z');
}
