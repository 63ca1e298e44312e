import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Wait until `condition` gives something truthy, and return it. It is asked every 10 ms; what it throws is passed on.
 *
 * @param what words for the failure: "waited 10000 ms for <what>"
 * @param timeoutMs milliseconds, 10 s unless given
 * @throws Error that names `what` when the time is over
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  timeoutMs = 10_000,
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | undefined | null | 0 | ''>;
    if (performance.now() >= deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await delay(POLL_MS);
  }
}
