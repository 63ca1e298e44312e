import type { Hints } from '@csa/calls';
import type { LookupScope } from '@csa/session';
import { Bell } from '@csa/wait';
import type { LastingOutlet } from '../output/lasting-outlet.ts';
import { Patience } from '../patience.ts';
import type { Report } from '../report.ts';
import { EventFeed } from './event-feed.ts';
import { EventLines } from './event-lines.ts';
import { FeedWatch } from './feed-watch.ts';
import type { EventsWish } from './list-events.ts';
import type { SessionEvent } from './session-event.ts';
import { eventsSince } from './since.ts';

/** How often everything is read anew although nothing told of a change: what a watch tells are hints. */
const SAFETY_LOOK_MS = 5_000;
const BLIND_LOOK_MS = 1_000;
/** Printed at once, so that what has surely been printed is known. */
const BATCH = 64;

/**
 * Prints events as they happen, until a signal comes or nobody reads any more. Closes the outlet.
 * @throws Refusal reason=since-unknown | ambiguous-id | state-root-unreadable | io-error | output-lost
 */
export async function followEvents(
  scope: LookupScope,
  wish: EventsWish,
  { hints, outlet }: { readonly hints: Hints; readonly outlet: LastingOutlet },
): Promise<Report> {
  const lines = new EventLines(scope, hints, wish);
  let last: SessionEvent | undefined;
  try {
    for await (const { events, isFirst } of changes(scope, wish, outlet)) {
      const wanted = isFirst ? eventsSince(events, wish.since, scope) : events;
      last = (await print(lines, wanted, outlet)) ?? last;
    }
  } finally {
    outlet.close();
  }
  const isHeard = outlet.isInterrupted && !outlet.isCut;
  const words = last !== undefined && isHeard ? hints.command(followWords(last, scope, wish)) : undefined;
  const stderr = words === undefined ? [] : [`Go on with: ${words}`];
  return { exitCode: outlet.exitCode, stdout: [], stderr };
}

interface Looked {
  readonly events: readonly SessionEvent[];
  readonly isFirst: boolean;
}

/** What each look shows, until there is nobody to show it to: subscribes first, then looks. */
async function* changes(
  scope: LookupScope,
  { idleMs }: EventsWish,
  { signal, warn }: Pick<LastingOutlet, 'signal' | 'warn'>,
): AsyncGenerator<Looked> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const feed = new EventFeed(scope, { idleMs, warn, abort: signal });
  const watch = new FeedWatch(scope, ring);
  const patience = new Patience(warn);
  signal.addEventListener('abort', ring);
  try {
    for (let isFirst = true; ; ) {
      bell.clear();
      watch.refresh();
      const events = await patience.look(() => feed.look());
      if (signal.aborted) return;
      if (events !== undefined) {
        yield { events, isFirst };
        isFirst = false;
        if (await watch.follow(feed.living())) continue;
      }
      const safetyMs = watch.complete && !patience.isWaiting ? SAFETY_LOOK_MS : BLIND_LOOK_MS;
      await bell.sleep(Math.ceil(Math.min(safetyMs, feed.nextSilenceMs())));
    }
  } finally {
    signal.removeEventListener('abort', ring);
    watch.close();
  }
}

/** The last event that was surely printed. */
async function print(
  lines: EventLines,
  events: readonly SessionEvent[],
  outlet: LastingOutlet,
): Promise<SessionEvent | undefined> {
  let printed: SessionEvent | undefined;
  for (let at = 0; at < events.length; at += BATCH) {
    const batch = events.slice(at, at + BATCH);
    if (!(await outlet.print(Buffer.from(`${lines.of(batch).join('\n')}\n`, 'utf8')))) break;
    printed = batch.at(-1);
  }
  return printed;
}

/** From whatever directory it is run. */
function followWords({ id }: SessionEvent, { project }: LookupScope, { json }: EventsWish): string[] {
  return ['session', 'events', '--follow', '--since', id, '--cd', project, ...(json ? ['--json'] : [])];
}
