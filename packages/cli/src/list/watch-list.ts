import { setTimeout as delay } from 'node:timers/promises';
import { type LookupScope, Refusal } from '@csa/session';
import { Bell } from '@csa/wait';
import { INTERRUPTED_EXITS } from '../exit-code.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Report } from '../report.ts';
import type { Writing } from '../write-fully.ts';
import type { ListFace } from './list-face.ts';
import { Roster } from './roster.ts';
import type { ListWish } from './wanted-list.ts';

/** Changes come in bursts: what comes within this time is shown at once. */
const BURST_MS = 30;
/** What has only grown old is not looked at more often than this. */
const LEAST_REST_MS = 1_000;

export interface ListWatch {
  readonly wish: ListWish;
  readonly face: ListFace;
  readonly interrupts: Interrupts;
}

/**
 * Shows a list and keeps it up to date until a signal comes (its exit code) or nobody reads it any more (0). Touches
 * no session.
 * @throws Refusal reason=state-root-unreadable | output-lost
 */
export async function watchList(scope: LookupScope, { wish, face, interrupts }: ListWatch): Promise<Report> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const roster = new Roster(scope, wish, ring);
  interrupts.signal.addEventListener('abort', ring);
  process.stdout.on('resize', ring);
  try {
    for (;;) {
      bell.clear();
      const writing = face.show(await roster.look(), roster);
      if (writing !== 'written') return unread(writing);
      if (interrupts.cause !== undefined) return quiet(INTERRUPTED_EXITS[interrupts.cause]);
      await bell.sleep(Math.min(face.staleMs, Math.max(LEAST_REST_MS, roster.restMs())));
      await delay(BURST_MS);
      interrupts.checkParent();
    }
  } finally {
    face.end();
    roster.close();
    process.stdout.off('resize', ring);
    interrupts.signal.removeEventListener('abort', ring);
  }
}

function unread(writing: Exclude<Writing, 'written'>): Report {
  if (writing === 'closed') return quiet(0);
  throw new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written',
    expected: 'room for the list',
    got: 'a write that failed',
    next: 'Free some space, or send it elsewhere',
  });
}

function quiet(exitCode: number): Report {
  return { exitCode, stdout: [], stderr: [] };
}
