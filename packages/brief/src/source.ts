import type { BriefContent } from './content.ts';
import type { Watermark } from './watermark.ts';

/**
 * Where a brief gets its facts from. Whoever puts the program together implements it: what a session's records mean is
 * not known here.
 */
export interface BriefSource {
  /** Whether finding out takes no long reading: what has finished is remembered, or is little. Never throws. */
  readonly isWarm: boolean;
  /** Looks at names, times, and what is remembered. @throws what keeps it from being known */
  watermark(): Promise<Watermark>;
  /**
   * Whether each of these still lives, as the kernel says: sessions by their ids, heartbeats as `heartbeatName` calls
   * them. A process that is killed changes no file. `false` at the first that does not. Never throws.
   */
  areAlive(names: readonly string[]): Promise<boolean>;
  /** Reads all that is to be said. @throws what keeps it from being known */
  content(signal?: AbortSignal): Promise<BriefContent>;
  /** Writes down what was read of finished sessions, for the next process. Never throws. */
  remember(): void;
}
