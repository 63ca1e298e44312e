import { type LookupScope, Refusal } from '@csa/session';
import { Bell } from '@csa/wait';
import { INTERRUPTED_EXITS } from '../exit-code.ts';
import type { Hints } from '../hints.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Report } from '../report.ts';
import { writeFully } from '../write-fully.ts';
import { EventFeed } from './event-feed.ts';
import { EventLines } from './event-lines.ts';
import { FeedWatch } from './feed-watch.ts';
import type { EventsWish } from './list-events.ts';
import type { SessionEvent } from './session-event.ts';
import { eventsSince } from './since.ts';

/** How often everything is read anew although nothing told of a change: what a watch tells are hints. */
const SAFETY_LOOK_MS = 5_000;
const BLIND_LOOK_MS = 1_000;
const STDOUT = 1;
const STDERR = 2;

/**
 * Prints events as they happen, until a signal comes or nobody reads any more.
 * @throws Refusal reason=since-unknown | ambiguous-id | state-root-unreadable | output-lost
 */
export async function followEvents(
  scope: LookupScope,
  wish: EventsWish,
  { hints, interrupts }: { readonly hints: Hints; readonly interrupts: Interrupts },
): Promise<Report> {
  const abort = interrupts.signal;
  const feed = new EventFeed(scope, { idleMs: wish.idleMs, warn, abort });
  const lines = new EventLines(scope, hints, wish);
  let last: SessionEvent | undefined;
  for await (const looked of changes(feed, scope, abort)) {
    const events = looked.isFirst ? eventsSince(looked.events, wish.since, scope) : looked.events;
    if (!print(lines.of(events))) return { exitCode: 0, stdout: [], stderr: [] };
    last = events.at(-1) ?? last;
  }
  const goOn = last === undefined ? [] : [`Go on with: ${hints.command(followWords(last, scope, wish))}`];
  return { exitCode: INTERRUPTED_EXITS[interrupts.cause ?? 'SIGTERM'], stdout: [], stderr: goOn };
}

interface Looked {
  readonly events: readonly SessionEvent[];
  readonly isFirst: boolean;
}

/** What each look shows, until it is aborted: subscribes first, then looks. */
async function* changes(feed: EventFeed, scope: LookupScope, abort: AbortSignal): AsyncGenerator<Looked> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const watch = new FeedWatch(scope, ring);
  abort.addEventListener('abort', ring);
  try {
    for (let isFirst = true; ; isFirst = false) {
      bell.clear();
      watch.refresh();
      const events = await feed.look();
      if (abort.aborted) return;
      yield { events, isFirst };
      if (await watch.follow(feed.living())) continue;
      const safetyMs = watch.complete ? SAFETY_LOOK_MS : BLIND_LOOK_MS;
      await bell.sleep(Math.ceil(Math.min(safetyMs, feed.nextSilenceMs())));
    }
  } finally {
    abort.removeEventListener('abort', ring);
    watch.close();
  }
}

/** From whatever directory it is run. */
function followWords({ id }: SessionEvent, { project }: LookupScope, { json }: EventsWish): string[] {
  return ['session', 'events', '--follow', '--since', id, '--cd', project, ...(json ? ['--json'] : [])];
}

function warn(line: string): void {
  writeFully(STDERR, Buffer.from(`csa: ${line}\n`, 'utf8'));
}

/** `false` when the reader went away. @throws Refusal reason=output-lost */
function print(lines: readonly string[]): boolean {
  if (lines.length === 0) return true;
  const writing = writeFully(STDOUT, Buffer.from(`${lines.join('\n')}\n`, 'utf8'));
  if (writing !== 'failed') return writing === 'written';
  throw new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written',
    expected: 'room for the events',
    got: 'a write that failed',
    next: 'Free some space, or send them elsewhere, and go on with --since and the last event that arrived',
  });
}
