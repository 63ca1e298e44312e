import { describeDuration, describeSpan } from '@csa/calls';
import { callerName, describeDollars, type WarmFields } from '@csa/calls/warm';
import type { WarmView } from '@csa/warm';
import { failureWords, offCause, offWords } from './off-words.ts';

const CACHE_WORDS: Readonly<Record<WarmView['cache']['state'], string>> = {
  warm: 'warm',
  expiring: 'about to expire',
  predicted_cold: 'taken to be cold',
  cold: 'cold',
  unknown: 'not known',
};
const EVIDENCE_WORDS: Readonly<Record<WarmView['cache']['evidence'], string>> = {
  read: 'a request has read it',
  request: "by the conversation's own last request",
  missed: 'a request has not found it',
  partly_read: 'a request has read a part of it',
  ttl: 'by its life, which is a prediction',
  none: 'nothing has shown it yet',
};

/** How one conversation is kept warm, as rows of a table for people. */
export function warmRows(view: WarmView): Array<[string, string]> {
  const { key, cache, ttl, driver, intervalMs } = view;
  return [
    ['session', key.session],
    ['caller', callerName(key.caller)],
    ['state', stateWords(view)],
    ['cache', `${CACHE_WORDS[cache.state]} (${EVIDENCE_WORDS[cache.evidence]})`],
    ['requests', requestWords(view)],
    ['tokens', tokenWords(view)],
    ['money', moneyWords(view)],
    ['driver', driver],
    ['interval', describeSpan(intervalMs)],
    ['life', `${describeSpan(ttl.ms)} (by ${ttl.source})`],
    ...lastRows(view),
  ];
}

/** The same in one line, of a document's fields. */
export function warmLine(warm: WarmFields): string {
  const { caller, left_ms, reason, heartbeat, cache, books, last } = warm;
  const state =
    left_ms === null
      ? `off: ${offCause(reason ?? '', last ?? undefined)}`
      : `on, ${describeDuration(left_ms)} left${heartbeat === 'none' ? ', but nobody sends requests' : ''}`;
  const hit =
    books === null || books.hit_percent === null ? '' : `, ${hitWords(books.hit_percent, books.prefix_percent)}`;
  return `${callerName(caller)}: ${state}; cache ${CACHE_WORDS[cache.state]}${hit}`;
}

/** Power, time left and what comes next, in one line. */
export function stateWords(view: WarmView): string {
  const { power, heartbeat, nextBeatMs, caller, lastBeat } = view;
  if (power.kind === 'off') return `off: ${offWords(power.reason, lastBeat)}`;
  const left = `on, ${describeDuration(power.leftMs)} left`;
  if (heartbeat === 'none') return `${left}, but nobody sends requests: switch it on again`;
  const who = heartbeat === 'wait' ? ', by a wait' : heartbeat === 'unknown' ? ', nobody can tell whether it runs' : '';
  if (caller === 'active') return `${left}${who}; the conversation is at work itself`;
  const next = nextBeatMs === undefined ? 'no request is due' : `next request in ${describeDuration(nextBeatMs)}`;
  return `${left}${who}; ${next}`;
}

function requestWords({ books }: WarmView): string {
  if (books === null) return 'the books cannot be read now';
  const { warms, full, failed, unaccounted, hitPercent, prefixPercent } = books;
  const parts = [
    `${warms} sent`,
    `${full} read the whole prefix`,
    failed === 0 ? undefined : `${failed} failed`,
    unaccounted === 0 ? undefined : `${unaccounted} without an answer that anybody saw`,
    hitWords(hitPercent, prefixPercent),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** A hit of what was sent is none of the conversation's prefix where that was not what was sent. */
function hitWords(hit: number | null, prefix: number | null): string {
  const isLess = prefix !== null && prefix < (hit ?? 100);
  const words = hit === null ? 'hit % not known' : `hit ${hit} %${isLess ? ' of what was sent' : ''}`;
  return isLess ? `${words}, ${prefix} % of the conversation's prefix` : words;
}

/** What can be told whatever the price is. */
function tokenWords({ books }: WarmView): string {
  const { read = null, write = null, input = null, output = null } = books?.tokens ?? {};
  if (read === null) return 'not known: no request has told';
  return `${read} read, ${write ?? '?'} written, ${input ?? '?'} neither, ${output ?? '?'} put out`;
}

/** A saving is never shown without what it has cost. */
function moneyWords({ books }: WarmView): string {
  if (books === null) return 'the books cannot be read now';
  if (books.money === null) return 'not known: the price is missing, and no saving is claimed';
  const { spent, avoided, net } = books.money;
  return `spent ${describeDollars(spent)}, saved ${describeDollars(avoided)}, net ${describeDollars(net)}`;
}

function lastRows({ lastBeat }: WarmView): Array<[string, string]> {
  if (lastBeat === undefined) return [];
  const { verdict, usage, reason, error, at, stale } = lastBeat;
  const tokens = usage === null ? '' : `, ${usage.read ?? '?'} tokens read, ${usage.write ?? '?'} written`;
  const late = stale === true ? ', called off: it counts for nothing' : '';
  const ago = describeDuration(Date.now() - at);
  return [['last', `${ago} ago: ${verdict}${tokens}${failureWords({ reason, error })}${late}`]];
}
