import { type LookupScope, Refusal } from '@csa/session';
import { Bell } from '@csa/wait';
import { INTERRUPTED_EXITS } from '../exit-code.ts';
import type { Hints } from '../hints.ts';
import type { Interrupts } from '../interrupts.ts';
import { answer, type Report } from '../report.ts';
import { writeFully } from '../write-fully.ts';
import { EventFeed } from './event-feed.ts';
import { EventLines } from './event-lines.ts';
import { FeedWatch } from './feed-watch.ts';
import type { SessionEvent } from './session-event.ts';
import { eventsSince, type Since } from './since.ts';

export interface EventsWish {
  readonly since: Since;
  /** At most so many: the newest, or those that come first after `since`. */
  readonly limit: number | undefined;
  readonly idleMs: number;
  readonly json: boolean;
  readonly hasColour: boolean;
}

/** How often everything is read anew although nothing told of a change: events of a watch are hints. */
const SAFETY_LOOK_MS = 5_000;
const BLIND_LOOK_MS = 1_000;
const STDOUT = 1;

/** The events that are known now. @throws Refusal reason=since-unknown | ambiguous-id | state-root-unreadable */
export async function listEvents(scope: LookupScope, wish: EventsWish, hints: Hints): Promise<Report> {
  const warnings: string[] = [];
  const feed = new EventFeed(scope, { idleMs: wish.idleMs, warn: (line) => warnings.push(warning(line)) });
  const found = eventsSince(await feed.look(), wish.since, scope);
  const events = bounded(found, wish);
  if (events.length === 0 && !wish.json) warnings.push(nothing(scope, wish.since));
  return answer(new EventLines(scope, hints, wish).of(events), warnings);
}

/**
 * Prints events as they happen, until a signal comes or nobody reads any more.
 * @throws Refusal as above, and reason=output-lost
 */
export async function followEvents(
  scope: LookupScope,
  wish: EventsWish,
  { hints, interrupts }: { readonly hints: Hints; readonly interrupts: Interrupts },
): Promise<Report> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const abort = interrupts.signal;
  const feed = new EventFeed(scope, { idleMs: wish.idleMs, warn: sayOnStderr, abort });
  const lines = new EventLines(scope, hints, wish);
  const watch = new FeedWatch(scope, ring);
  abort.addEventListener('abort', ring);
  let last: string | undefined;
  let since: Since | undefined = wish.since;
  try {
    for (;;) {
      bell.clear();
      watch.refresh();
      const looked = await feed.look();
      if (abort.aborted) return interrupted(interrupts, hints, last);
      const events = since === undefined ? looked : eventsSince(looked, since, scope);
      since = undefined;
      if (!print(lines.of(events))) return { exitCode: 0, stdout: [], stderr: [] };
      last = events.at(-1)?.id ?? last;
      if (await watch.follow(feed.living())) continue;
      const safetyMs = watch.complete ? SAFETY_LOOK_MS : BLIND_LOOK_MS;
      await bell.sleep(Math.ceil(Math.min(safetyMs, feed.nextSilenceMs())));
    }
  } finally {
    abort.removeEventListener('abort', ring);
    watch.close();
  }
}

function bounded(events: readonly SessionEvent[], { limit, since }: EventsWish): readonly SessionEvent[] {
  if (limit === undefined) return events;
  return since.kind === 'beginning' ? events.slice(Math.max(0, events.length - limit)) : events.slice(0, limit);
}

/** A consumer that has read nothing begins anew as it began. */
function interrupted({ cause }: Interrupts, hints: Hints, last: string | undefined): Report {
  const next =
    last === undefined ? [] : [`Go on with: ${hints.command(['session', 'events', '--follow', '--since', last])}`];
  return { exitCode: INTERRUPTED_EXITS[cause ?? 'SIGTERM'], stdout: [], stderr: next };
}

function nothing({ project }: LookupScope, since: Since): string {
  return since.kind === 'beginning' ? `No sessions in ${project} yet` : 'Nothing has happened since';
}

function warning(line: string): string {
  return `csa: ${line}`;
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${warning(line)}\n`);
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
