import { setTimeout as delay } from 'node:timers/promises';
import type { ListWish } from '@csa/calls/list';
import type { LookupScope } from '@csa/session';
import { Bell } from '@csa/wait';
import type { LastingOutlet } from '../output/lasting-outlet.ts';
import { Patience } from '../patience.ts';
import type { Report } from '../report.ts';
import type { ListFace } from './list-face.ts';
import { Roster } from './roster.ts';

/** Changes come in bursts: what comes within this time is shown at once. */
const BURST_MS = 30;
/** What has only grown old is not looked at more often than this. */
const LEAST_REST_MS = 1_000;

export interface ListWatch {
  readonly wish: ListWish;
  readonly face: ListFace;
  readonly outlet: LastingOutlet;
}

/**
 * Shows a list and keeps it up to date until a signal comes (its exit code) or nobody reads it any more (0). Touches
 * no session. Closes the outlet.
 * @throws Refusal reason=state-root-unreadable | io-error | output-lost
 */
export async function watchList(scope: LookupScope, { wish, face, outlet }: ListWatch): Promise<Report> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const roster = new Roster(scope, wish, ring);
  const patience = new Patience(outlet.warn);
  outlet.signal.addEventListener('abort', ring);
  const stopListening = face.listen(ring);
  try {
    for (;;) {
      bell.clear();
      const sessions = await patience.look(() => roster.look());
      const text = sessions === undefined ? '' : face.show(sessions, roster);
      if (!(await outlet.print(Buffer.from(text, 'utf8')))) break;
      await bell.sleep(Math.min(face.staleMs, Math.max(LEAST_REST_MS, roster.restMs())));
      await delay(BURST_MS);
    }
  } finally {
    outlet.leave(face.end());
    outlet.close();
    roster.close();
    stopListening();
    outlet.signal.removeEventListener('abort', ring);
  }
  return { exitCode: outlet.exitCode, stdout: [], stderr: [] };
}
