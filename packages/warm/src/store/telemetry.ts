import { closeSync, constants, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { errnoOf, FILE_MODE } from '@csa/session/files';
import type { WarmReason } from '../policy/reason.ts';
import type { Usage } from '../policy/usage.ts';

/** What is told to programs about one step of warming. */
export interface WarmEvent {
  readonly event: 'warm_started' | 'warm_success' | 'warm_skipped' | 'warm_failed' | 'warm_stopped';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly session: string;
  readonly caller: string;
  /** What made it happen. */
  readonly trigger: 'heartbeat' | 'wait';
  readonly driver: string;
  readonly generation: number;
  readonly durationMs?: number;
  readonly usage?: Usage | null;
  readonly reason?: WarmReason;
  /** How many skips before this were only counted: of a reason that was told already, or because nothing was due. */
  readonly repeated?: number;
}

/** Never throws: telling never breaks a warm. */
export type Tell = (event: WarmEvent) => void;

const LINE_FEED = 0x0a;
const MAX_BYTES = 1024 * 1024;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** JSON lines in `events.jsonl`, and those before them in `events.1.jsonl`; both bounded. Makes no directory. */
export class TelemetryFile {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  readonly tell: Tell = (event) => {
    try {
      this.#append(`${JSON.stringify(lineOf(event))}\n`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  };

  #append(line: string): void {
    const path = `${this.#directory}/events.jsonl`;
    const fd = openSync(path, FLAGS, FILE_MODE);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return;
      // Behind what a full disk or a killed writer has cut a line of its own begins.
      writeSync(fd, endsWithLine(fd, stat.size) ? line : `\n${line}`);
      // Two who do this at once move a young file over a full one: lines are lost, and nothing else.
      if (stat.size > MAX_BYTES) renameSync(path, `${this.#directory}/events.1.jsonl`);
    } finally {
      closeSync(fd);
    }
  }
}

function endsWithLine(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === LINE_FEED);
}

/**
 * Tells a reason for sending nothing once, however often it comes again, and then how often that was. That nothing is
 * due, as between any two warms, is only counted.
 */
export function tellOnce(tell: Tell): Tell {
  let last: string | undefined;
  let repeated = 0;
  return (event) => {
    const name = `${event.event} ${event.reason}`;
    if (event.event === 'warm_skipped' && (name === last || event.reason === 'not_due')) {
      repeated += 1;
      return;
    }
    tell(repeated === 0 ? event : { ...event, repeated });
    last = name;
    repeated = 0;
  };
}

function lineOf({ durationMs, usage, ...event }: WarmEvent): Record<string, unknown> {
  return {
    ...event,
    at: new Date(event.at).toISOString(),
    ...(durationMs === undefined ? {} : { duration_ms: durationMs }),
    ...(usage === undefined ? {} : { usage: usage && usageFields(usage) }),
  };
}

function usageFields({ input, read, write, writeHour, output }: Usage): Record<string, unknown> {
  return { input, read, write, write_hour: writeHour, output };
}
