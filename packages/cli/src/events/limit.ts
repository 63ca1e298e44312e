import { parseLimit } from '@csa/calls/list';
import { Refusal } from '@csa/session';

/** How many events are told; `undefined`: all of them. @throws Refusal reason=bad-limit | usage */
export function eventLimit({ limit: text, follow }: { limit?: string | undefined; follow: boolean }) {
  if (text === undefined) return undefined;
  if (follow) throw withoutEnd();
  const limit = parseLimit(text);
  return limit.kind === 'all' ? undefined : limit.count;
}

function withoutEnd(): Refusal {
  return new Refusal({
    reason: 'usage',
    what: '--limit and --follow contradict each other',
    expected: 'so many events, or those that come without an end',
    got: 'both',
    next: 'Leave one of them out; --since says where --follow begins',
  });
}
