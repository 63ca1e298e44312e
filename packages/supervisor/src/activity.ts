import { fstatSync } from 'node:fs';
import { measureProcesses, measureProcessTree, type ProcessUse } from '@csa/liveness';
import { findBearers, type SessionId } from '@csa/session';
import type { Descriptors } from './launch.ts';

/** What is looked at: the command's process group, whatever carries the session's id, and both outputs. */
export interface Watched {
  readonly id: SessionId;
  /** The command's own process, leader of its group. */
  readonly leader: number;
  readonly logs: Descriptors;
}

/**
 * Tells from look to look whether a command has done anything: printed, or used CPU time in any process of its tree,
 * so that a silent compiler is not idle. What cannot be seen counts as activity.
 */
export class Activity {
  readonly #watched: Watched;
  readonly #warn: (text: string) => void;
  /** The processes seen so far that still live, with the CPU time that each had used. */
  readonly #known = new Map<number, ProcessUse>();
  #outputBytes = 0;
  #hasWarned = false;

  constructor(watched: Watched, warn: (text: string) => void) {
    this.#watched = watched;
    this.#warn = warn;
  }

  /**
   * Whether anything has happened since the look before. From the cheapest question to the dearest; the first that
   * says so will do.
   *
   * @param thorough asks also for processes that have left the tree: looks into the environment of every process
   */
  look(thorough: boolean): boolean {
    try {
      return this.#hasPrinted() || this.#haveKnownWorked() || this.#hasTreeWorked(thorough);
    } catch (error) {
      this.#warnOnce(error instanceof Error ? error.message : String(error));
      return true;
    }
  }

  #hasPrinted(): boolean {
    const { stdout, stderr } = this.#watched.logs;
    const bytes = fstatSync(stdout).size + fstatSync(stderr).size;
    const hasMoved = bytes !== this.#outputBytes;
    this.#outputBytes = bytes;
    return hasMoved;
  }

  #haveKnownWorked(): boolean {
    const before = [...this.#known.values()];
    const now = new Map(measureProcesses([...this.#known.keys()]).map((use) => [use.pid, use]));
    // A pid that has been given to another process says nothing any more.
    for (const { pid, startTime } of before) if (now.get(pid)?.startTime !== startTime) this.#known.delete(pid);
    return this.#note([...now.values()].filter(({ pid }) => this.#known.has(pid)));
  }

  #hasTreeWorked(thorough: boolean): boolean {
    const { id, leader } = this.#watched;
    const uses = measureProcessTree({ leader, extra: thorough ? findBearers(id) : [] });
    if (uses === undefined) throw new Error('its processes are hidden');
    return this.#note(uses);
  }

  /** Whether one of them has used CPU time since it was noted before or, if it was not, ever. */
  #note(uses: readonly ProcessUse[]): boolean {
    const hasWorked = uses.some(({ pid, cpuMs }) => cpuMs > (this.#known.get(pid)?.cpuMs ?? 0));
    for (const use of uses) this.#known.set(use.pid, use);
    return hasWorked;
  }

  #warnOnce(why: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(`whether the command is idle could not be seen, so that it was taken for active: ${why}`);
  }
}
