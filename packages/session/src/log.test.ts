import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastOutputTime, logEnd, logSize, tailOffset } from './log.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const LOG = 'stdout.log';

describe('the last lines of a log', () => {
  test.each([
    ['no log', undefined, 3, ''],
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
    const session = text === undefined ? emptySession() : sessionWith(LOG, text);
    expect((text ?? '').slice(tailOffset(session, LOG, lines))).toBe(tail);
  });

  test('as counting the lines from the front would find them', () => {
    const session = emptySession();
    const path = join(session.directory, LOG);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', 'bb') }), fc.nat(6), (text, lines) => {
        writeFileSync(path, text);
        const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        expect(text.slice(tailOffset(session, LOG, lines))).toBe(lines === 0 ? '' : all.slice(-lines).join(''));
      }),
    );
  });
});

test('a log of 50 MB is looked at from its end, quickly and without loading it', () => {
  const session = emptySession();
  const fd = openSync(join(session.directory, LOG), 'w');
  const size = 50_000_000;
  ftruncateSync(fd, size);
  writeSync(fd, '\nfirst\nlast\n', size);
  closeSync(fd);
  const before = process.memoryUsage().arrayBuffers;
  expect(tailOffset(session, LOG, 2)).toBe(size + 1);
  expect(logEnd(session, LOG, 5)).toBe('last\n');
  expect(logSize(session, LOG)).toBe(size + 12);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  // Fewer lines than wanted: all of it is read, still block by block.
  expect(tailOffset(session, LOG, 9)).toBe(0);
});

test('the end of a log is text, whatever the bytes are', () => {
  const session = sessionWith(LOG, 'aé');
  expect(logEnd(session, LOG, 100)).toBe('aé');
  expect(logEnd(session, LOG, 1)).toBe('\uFFFD');
  expect(logEnd(session, LOG, 0)).toBe('');
});

test.each<[string, (path: string) => void]>([
  ['a FIFO', (path) => void execFileSync('mkfifo', [path])],
  ['a directory', (path) => mkdirSync(path)],
  ['a link to /dev/zero', (path) => symlinkSync('/dev/zero', path)],
])('%s in place of a log is no log, and nobody hangs', (_what, plant) => {
  const session = emptySession();
  plant(join(session.directory, LOG));
  expect(logSize(session, LOG)).toBeUndefined();
  expect(tailOffset(session, LOG, 5)).toBe(0);
  expect(logEnd(session, LOG, 100)).toBe('');
  expect(lastOutputTime(session)).toBeUndefined();
});

test('the last output is the latest of all logs', () => {
  const session = emptySession();
  expect(lastOutputTime(session)).toBeUndefined();
  ['stdout.log', 'stderr.log', 'output.log'].forEach((name, i) => {
    writeFileSync(join(session.directory, name), '');
    utimesSync(join(session.directory, name), 1000 + i, 2000 - i);
  });
  expect(lastOutputTime(session)).toBe(2_000_000);
});
