import { EventFile } from '@csa/session/files';
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

/** Writes events as lines for programs below `directory`. */
export function tellingTo(directory: string): Tell {
  const file = new EventFile(directory, 'csa.warm-event/1');
  return (event) => file.tell(lineOf(event));
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

function lineOf({ event, at, durationMs, usage, ...rest }: WarmEvent): Record<string, unknown> {
  return {
    event,
    at: new Date(at).toISOString(),
    ...rest,
    ...(durationMs === undefined ? {} : { duration_ms: durationMs }),
    ...(usage === undefined ? {} : { usage: usage && usageFields(usage) }),
  };
}

function usageFields({ input, read, write, writeHour, output }: Usage): Record<string, unknown> {
  return { input, read, write, write_hour: writeHour, output };
}
