import { setTimeout as delay } from 'node:timers/promises';
import { type SessionSource, type Waited, wait } from '@csa/wait';

const LEAVING_LOOK_MS = 20;

/** Waits for the record, and then for the supervisor's own end: only then is nothing of the session left. */
export async function waitForLeaving(source: SessionSource, capMs: number): Promise<Waited> {
  const deadline = performance.now() + capMs;
  let waited = await wait(source, { capMs });
  while (waited.end.kind === 'finished' && isDaemonAlive(waited) && performance.now() < deadline) {
    await delay(LEAVING_LOOK_MS);
    waited = await wait(source, { capMs: 0 });
  }
  return waited;
}

export function isDaemonAlive({ facts }: Waited): boolean {
  return facts?.daemon.state === 'alive';
}
