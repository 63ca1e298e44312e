import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LogFile } from './log-file.ts';
import { characterStart, type TailWish, tailOffset } from './log-tail.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const LOG = 'stdout.log';
const FAR = 1_000_000;

function openLog(text: string): LogFile {
  const log = LogFile.open(sessionWith(LOG, text), LOG);
  if (log === undefined) throw new Error('no log');
  onTestFinished(() => log.close());
  return log;
}

/** The last lines of a log that holds this text. */
function tailOf(text: string, lines: number, wish: Partial<TailWish> = {}): string {
  const log = openLog(text);
  const offset = tailOffset(log, { end: log.size, lines, maxBytes: FAR, returnsCount: false, ...wish });
  return Buffer.from(text).subarray(offset).toString();
}

describe('the last lines of a log', () => {
  test.each([
    ['an empty log', '', 3, ''],
    ['no lines wanted', 'a\nb\n', 0, ''],
    ['one line', 'a\nb\nc\n', 1, 'c\n'],
    ['two lines', 'a\nb\nc\n', 2, 'b\nc\n'],
    ['all lines', 'a\nb\nc\n', 3, 'a\nb\nc\n'],
    ['more than there are', 'a\nb\n', 9, 'a\nb\n'],
    ['no newline at the end', 'a\nb\nc', 2, 'b\nc'],
    ['empty lines', 'a\n\n\n', 2, '\n\n'],
    ['a newline alone', '\n', 1, '\n'],
    ['a newline at the beginning', '\na', 2, '\na'],
    ['one endless line', 'x'.repeat(200_000), 1, 'x'.repeat(200_000)],
    ['a line longer than a block', `a\n${'x'.repeat(150_000)}\nz\n`, 2, `${'x'.repeat(150_000)}\nz\n`],
    ['a newline right before a block', `a\n${'x'.repeat(65_536)}`, 1, 'x'.repeat(65_536)],
    ['a newline that opens a block', `a\n${'x'.repeat(65_535)}`, 1, 'x'.repeat(65_535)],
  ])('%s', (_what, text, lines, tail) => {
    expect(tailOf(text, lines)).toBe(tail);
  });

  test('as counting the lines from the front would find them', () => {
    const session = emptySession();
    const path = join(session.directory, LOG);
    const units = fc.constantFrom('a', '\n', 'bb', '\r', '\r\n');
    fc.assert(
      fc.property(fc.string({ unit: units }), fc.nat(6), fc.boolean(), (text, lines, returnsCount) => {
        writeFileSync(path, text);
        const log = LogFile.open(session, LOG);
        const offset = log && tailOffset(log, { end: log.size, lines, maxBytes: FAR, returnsCount });
        log?.close();
        const line = returnsCount ? /[^\n\r]*(?:\r?\n|\r)|[^\n\r]+$/g : /[^\n]*\n|[^\n]+$/g;
        const all = text.match(line) ?? [];
        expect(text.slice(offset)).toBe(lines === 0 ? '' : all.slice(-lines).join(''));
      }),
    );
  });

  test('are not looked for further back than allowed, and begin with a whole character', () => {
    expect(tailOf('one\ntwo\nthree\n', 3, { maxBytes: 8 })).toBe('wo\nthree\n'.slice(-8));
    expect(tailOf('é'.repeat(10), 1, { maxBytes: 5 })).toBe('éé');
  });

  test('are those before the end that was asked about', () => {
    const log = openLog('a\nb\nc\n');
    expect(tailOffset(log, { end: 4, lines: 1, maxBytes: FAR, returnsCount: false })).toBe(2);
  });
});

test('bytes that are no UTF-8 begin where they begin', () => {
  const log = openLog('x');
  expect([characterStart(log, 0), characterStart(log, 9)]).toEqual([0, 9]);
});
