import { type CacheGroup, type ColdPoint, netOf, type Priced, type Warming } from '@csa/warm';
import type { CachesRead } from './read-caches.ts';

/** The one document of `csa session warm report --json`. */
export function reportDocument({ since, now, lookedAt, report }: CachesRead): object {
  const { conversations, turns, gaps, changed, firstAt, lastAt, groups, warming } = report;
  return {
    schema: 'csa.session-warm-report/1',
    since: timestamp(since),
    until: timestamp(now),
    looked_at: lookedAt.map(({ directory, search, code = null, transcripts, older, unread, isCut }) => {
      return { directory, search, code, transcripts, older, unread, cut: isCut };
    }),
    conversations,
    turns,
    gaps,
    changed_prefixes: changed,
    first_turn_at: firstAt === undefined ? null : timestamp(firstAt),
    last_turn_at: lastAt === undefined ? null : timestamp(lastAt),
    caches: groups.map(cacheDocument),
    warming: warmingDocument(warming),
  };
}

function cacheDocument({ agent, tier, returns, classes, coldPoint }: CacheGroup): object {
  return {
    agent,
    tier,
    returns,
    classes: classes.map((each) => ({
      from_ms: each.fromMs,
      to_ms: each.toMs,
      returns: each.returns,
      lost: each.lost,
      prefix_tokens: each.prefixTokens,
      kept_tokens: each.keptTokens,
    })),
    cold_point: coldPointDocument(coldPoint),
  };
}

function coldPointDocument(point: ColdPoint): object {
  switch (point.kind) {
    case 'measured':
      return { kind: 'measured', kept_to_ms: point.keptToMs, lost_from_ms: point.lostFromMs, misfits: point.misfits };
    case 'not_seen':
      return { kind: 'not_seen', longest_kept_ms: point.longestKeptMs };
    case 'too_few':
      return point;
  }
}

function warmingDocument(warming: Warming): object {
  return {
    idle_gaps: warming.idleGaps,
    cold_returns: warming.coldReturns,
    cold_cost: pricedDocument(warming.coldCost),
    early_losses: warming.earlyLosses,
    warms: warming.warms,
    spent: pricedDocument(warming.spent),
    spent_in_vain: pricedDocument(warming.spentInVain),
    avoided: pricedDocument(warming.avoided),
    net_nano_usd: netOf(warming.avoided, warming.spent),
  };
}

function pricedDocument({ tokens, unpricedTokens, cost }: Priced): object {
  return { tokens, unpriced_tokens: unpricedTokens, nano_usd: cost };
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
