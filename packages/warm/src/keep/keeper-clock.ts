import { setTimeout as delay } from 'node:timers/promises';

/** Two clocks, because each is wrong at times: one stands still while the machine sleeps, the other one jumps. */
export interface KeeperClock {
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Milliseconds since some moment, never backwards. */
  monotonic(): number;
  /** Until the time is over or `signal` is aborted, which is no error. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: KeeperClock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
