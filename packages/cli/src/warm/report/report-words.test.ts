import { type CacheReport, CacheTally, type ColdPoint, pricingFor } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import type { CachesRead, LookedAt } from './read-caches.ts';
import { reportLines } from './report-words.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const NOW = Date.parse('2026-03-11T00:00:00.000Z');
const EMPTY = new CacheTally({ since: 0, now: NOW, pricingOf: () => pricingFor() }).report();
const PRICED = { tokens: 1_234_567, unpricedTokens: 0, cost: 5_000_000_000 };
const FULL: CacheReport = {
  ...EMPTY,
  conversations: 1,
  turns: 1_001,
  gaps: 1_000,
  groups: [
    {
      agent: 'claude-code',
      tier: '5m',
      returns: 30,
      classes: [
        { fromMs: 0, toMs: MINUTE, returns: 20, lost: 1, prefixTokens: 1_000, keptTokens: 999 },
        { fromMs: 55 * MINUTE, toMs: 60 * MINUTE, returns: 7, lost: 4, prefixTokens: 1_000, keptTokens: 490 },
        { fromMs: DAY, toMs: null, returns: 3, lost: 3, prefixTokens: 1_000, keptTokens: 0 },
      ],
      coldPoint: { kind: 'too_few', kept: 1, lost: 2 },
    },
  ],
  warming: {
    idleGaps: 3,
    coldReturns: 2,
    coldCost: PRICED,
    earlyLosses: 0,
    warms: 1,
    spent: { ...PRICED, cost: 7_500_000_000 },
    spentInVain: { ...PRICED, cost: 40_000_000 },
    avoided: PRICED,
  },
};
const HERE: LookedAt = {
  directory: '/t',
  search: 'found',
  transcripts: 4,
  older: 0,
  unread: 0,
  isCut: false,
};

function lines(read: Partial<CachesRead> = {}, hasColour = false): string[] {
  const whole = { since: NOW - 7 * DAY, now: NOW, lookedAt: [HERE], report: FULL, warnings: [], ...read };
  return reportLines(whole, { hasColour });
}
const withWarming = (more: Partial<CacheReport['warming']>) =>
  lines({ report: { ...FULL, warming: { ...FULL.warming, ...more } } }).join('\n');

describe('what was looked at', () => {
  it.each<[string, Partial<LookedAt>, string]>([
    ['transcripts', {}, 'Looked at /t: 4 transcripts of the last 7d'],
    ['one', { transcripts: 1 }, 'Looked at /t: 1 transcript of the last 7d'],
    ['older ones', { older: 1 }, 'Looked at /t: 4 transcripts of the last 7d, 1 older one left out'],
    ['some that cannot be read', { unread: 2 }, 'Looked at /t: 4 transcripts of the last 7d, 2 could not be read'],
    [
      'too many',
      { isCut: true },
      'Looked at /t: 4 transcripts of the last 7d, there are more entries than are looked through',
    ],
    ['nothing', { search: 'absent' }, 'Not there: /t'],
    ['what is closed', { search: 'unreadable', code: 'EACCES' }, 'Looked at /t: it cannot be read (EACCES)'],
    ['a name that would draw', { directory: '/\u001b[31mx\n' }, 'Looked at /x: 4 transcripts of the last 7d'],
  ])('is told of %s', (_, one, line) => {
    expect(lines({ lookedAt: [{ ...HERE, ...one }] })[0]).toBe(line);
  });

  it('is told of several in one line, where they are not there', () => {
    const absent = ['/a', '/b'].map((directory) => ({ ...HERE, directory, search: 'absent' as const }));
    expect(lines({ lookedAt: [HERE, ...absent] }).slice(0, 2)).toEqual([
      'Looked at /t: 4 transcripts of the last 7d',
      'Not there: /a, /b',
    ]);
  });

  it('was nothing without a home', () => {
    expect(lines({ lookedAt: [] })[0]).toBe(
      'Nothing was looked at: HOME is not set. Name a directory: --transcripts DIR',
    );
  });

  it('is all that is told when there is no turn', () => {
    expect(lines({ report: EMPTY, since: NOW - 90 * MINUTE }).slice(1)).toEqual([
      '',
      'No turn of the last 90m with a prompt cache was found: there is nothing to say of it.',
    ]);
  });
});

describe('the gaps', () => {
  it('are drawn as a table, and 100 % only where all was kept', () => {
    expect(lines().slice(2, 10)).toEqual([
      '1,001 turns in 1 conversation, 1,000 gaps in between',
      '',
      'claude-code, cache tier 5m: how much of the prefix was read again, by the time since the request before',
      '  gap         returns  lost  kept',
      '  0 to 1m     20       1     99 %  ####################',
      '  55m to 60m  7        4     49 %  ##########',
      '  over 1d     3        3     0 %',
      '  Too few returns to say when it goes cold: 1 kept, 2 lost',
    ]);
  });

  it('have colours only where they may', () => {
    expect(lines().join('')).not.toContain('\u001b');
    expect(lines({}, true)).toContain('  0 to 1m     20       1     99 %  \u001b[32m####################\u001b[39m');
    expect(lines({}, true)).toContain('  55m to 60m  7        4     49 %  \u001b[31m##########\u001b[39m');
  });

  it.each<[ColdPoint, string]>([
    [
      { kind: 'measured', keptToMs: 5 * MINUTE, lostFromMs: 5 * MINUTE, misfits: 1 },
      '  Measured: it goes cold at 5m (1 of 30 returns say otherwise)',
    ],
    [
      { kind: 'measured', keptToMs: 5 * MINUTE, lostFromMs: 120 * MINUTE, misfits: 0 },
      '  Measured: kept up to 5m, cold from 2h on, and nothing seen in between (0 of 30 returns say otherwise)',
    ],
    [{ kind: 'not_seen', longestKeptMs: 45 * MINUTE }, '  No gap was long enough to go cold: kept after 45m and more'],
  ])('say when it goes cold: %j', (coldPoint, line) => {
    const groups = FULL.groups.map((group) => ({ ...group, coldPoint }));
    expect(lines({ report: { ...FULL, groups } })).toContain(line);
  });

  it('that tell nothing are told apart', () => {
    expect(lines({ report: { ...FULL, changed: 31 } })[2]).toBe(
      '1,001 turns in 1 conversation, 1,000 gaps in between; 31 tell nothing, for another model or a shorter prompt came after them',
    );
  });
});

describe('warming', () => {
  it('shows what it would have avoided beside what it would have spent', () => {
    expect(lines().slice(-8)).toEqual([
      'Gaps longer than one interval between two warms (4m; 55m in the tier of 1h): 3',
      '  2 of them ended cold: 1,234,567 tokens were written again, $5.00 more than reading them',
      '',
      'Warming through every gap until break-even would have sent 1 request:',
      '  spent    1,234,567 tokens read           $7.50   of it $0.04 after a last turn',
      '  avoided  1,234,567 tokens written again  $5.00',
      '  net                                      -$2.50',
      '  It takes every warm to succeed, and warms every conversation, also those that nobody came back to.',
    ]);
  });

  it('claims nothing without a price', () => {
    const unpriced = { tokens: 70, unpricedTokens: 70, cost: null };
    const text = withWarming({ coldCost: unpriced, spent: unpriced, spentInVain: unpriced, avoided: unpriced });
    expect(text).not.toContain('$');
    expect(text).toMatch(/net +unknown/);
    expect(text).toContain('No price is known for some of the models');
    expect(text).toContain('at an unknown price');
  });

  it('says so when some prices are unknown', () => {
    expect(withWarming({})).not.toContain('No price');
    expect(withWarming({ spent: { ...PRICED, unpricedTokens: 1 } })).toContain('No price is known for some');
  });

  it('tells what it cannot help against', () => {
    expect(withWarming({ earlyLosses: 4 })).toContain('  Lost in a shorter gap, which no warming helps against: 4');
  });
});
