import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile, openNamedDirectory } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePattern } from './line-pattern.ts';
import { lineTime } from './line-time.ts';
import { SelectedText } from './log-text.ts';
import { type Criteria, Selection } from './selection.ts';
import { searchTail, type Tail, type TailQuestion } from './tail-search.ts';

const SINCE = Date.parse('2026-08-20T12:00:00Z');
const OLD = '2026-08-20T11:59:59Z';
const RECENT = '2026-08-20T12:00:00Z';

interface Found extends Tail {
  readonly text: string;
}

/** The last selected lines of logs with these texts. */
function searcher(): (text: string, question: Partial<TailQuestion>) => Promise<Found> {
  const directory = join(temporaryDirectory(), '01M0F77JH0BVPHYFAVF40A3GZ5');
  mkdirSync(directory);
  return async (text, wishes) => {
    writeFileSync(join(directory, 'stdout.log'), text);
    const log = LogFile.open(openNamedDirectory(directory), 'stdout.log');
    if (log === undefined) throw new Error('no log');
    try {
      const question = { end: log.size, lines: 3, criteria: {}, raw: false, ...wishes };
      const tail = await searchTail(log, question);
      return { ...tail, text: printed(log, tail, question.criteria) };
    } finally {
      log.close();
    }
  };
}

function printed(log: LogFile, { windows, skip }: Tail, criteria: Criteria): string {
  const selection = new Selection(criteria);
  selection.skip(skip);
  const text = new SelectedText(selection, false);
  let all = '';
  for (const { from, to, startsRecent } of windows) {
    selection.startAt(startsRecent);
    for (const block of log.blocks(from, to)) all += text.take(block);
    all += text.rest();
  }
  return all;
}

/** The same by reading everything from the front. */
function reference(text: string, lines: number, criteria: { source?: string; since?: number }): string {
  const all = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const times = all.map(lineTime);
  const first = times.find((time) => time !== undefined);
  let isRecent = criteria.since === undefined || first === undefined || first >= criteria.since;
  const wanted = all.filter((line, i) => {
    const time = times[i];
    if (criteria.since !== undefined && time !== undefined) isRecent = time >= criteria.since;
    return isRecent && new RegExp(criteria.source ?? '').test(line);
  });
  return text === '' || lines === 0
    ? ''
    : wanted
        .slice(-lines)
        .map((line) => `${line}\n`)
        .join('');
}

const line = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'xyz', 'é'.repeat(5)),
  fc.constantFrom(OLD, RECENT).map((time) => `${time} a`),
);
const text = fc
  .tuple(fc.array(line, { maxLength: 25 }), fc.constantFrom('', '\n'))
  .map(([lines, end]) => lines.join('\n') + (lines.length > 0 ? end : ''));

describe('the last lines that match', () => {
  it('are those that reading from the front would find, whatever the windows are', async () => {
    const search = searcher();
    await fc.assert(
      fc.asyncProperty(text, fc.nat(5), fc.integer({ min: 30, max: 90 }), async (given, lines, windowBytes) => {
        const criteria = { pattern: new LinePattern('a') };
        const found = await search(given, { lines, windowBytes, criteria });
        expect(found.text).toBe(reference(given, lines, { source: 'a' }));
      }),
      { numRuns: 300 },
    );
  });

  it('are searched for no further back than needed', async () => {
    const search = searcher();
    const given = 'match\n'.repeat(10_000);
    const found = await search(given, { lines: 5, windowBytes: 600, criteria: { pattern: new LinePattern('match') } });
    expect([found.text, found.windows.length]).toEqual(['match\n'.repeat(5), 1]);
  });

  it('may be pieces of a line that is longer than a window', async () => {
    const search = searcher();
    const given = `${'é'.repeat(100)}\nz\n`;
    const found = await search(given, { lines: 99, windowBytes: 64, criteria: { pattern: new LinePattern('é|z') } });
    expect(found.text.replaceAll('\n', '')).toBe(`${'é'.repeat(100)}z`);
  });

  it('are not searched for when nobody waits any more', async () => {
    const search = searcher();
    const found = await search('a\nb\n', { abort: AbortSignal.abort(), criteria: { pattern: new LinePattern('a') } });
    expect(found.windows).toEqual([]);
  });
});

describe('lines since a moment', () => {
  it('are those that reading from the front would find', async () => {
    const search = searcher();
    await fc.assert(
      fc.asyncProperty(text, fc.nat(30), fc.boolean(), async (given, lines, matching) => {
        const criteria = { since: SINCE, pattern: matching ? new LinePattern('a') : undefined };
        const found = await search(given, { lines, criteria });
        expect(found.text).toBe(reference(given, lines, { since: SINCE, ...(matching ? { source: 'a' } : {}) }));
      }),
      { numRuns: 300 },
    );
  });

  it('keep together what one line has printed, across windows', async () => {
    const search = searcher();
    const old = `${OLD} old\n${'  of old\n'.repeat(20)}`;
    const recent = `${RECENT} new\n${'  of new\n'.repeat(20)}`;
    for (let windowBytes = 240; windowBytes < 700; windowBytes += 7) {
      const { text: shown } = await search(old + recent, { lines: 99, windowBytes, criteria: { since: SINCE } });
      expect(shown).toBe(recent);
    }
  });

  it('are not searched for before a window that is all old', async () => {
    const search = searcher();
    const given = [...Array(10_000).fill(OLD), RECENT].map((time) => `${time} y\n`).join('');
    const found = await search(given, { lines: 99, windowBytes: 2_000, criteria: { since: SINCE } });
    expect([found.text, found.windows.length <= 2, found.hasTimes]).toEqual([`${RECENT} y\n`, true, true]);
  });

  it('are all lines where none has a time, without looking for one for ever', async () => {
    const search = searcher();
    const given = 'no time\n'.repeat(10_000);
    const found = await search(given, { lines: 50, windowBytes: 2_000, criteria: { since: SINCE } });
    expect([found.text, found.windows.length, found.hasTimes]).toEqual(['no time\n'.repeat(50), 1, false]);
  });
});
