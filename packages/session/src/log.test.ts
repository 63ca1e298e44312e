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
import { expect, test } from 'vitest';
import { lastOutputTime, logEnd, logSize } from './log.ts';
import { LogFile } from './log-file.ts';
import { tailOffset } from './log-tail.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const LOG = 'stdout.log';

test('a log of 50 MB is looked at from its end, quickly and without loading it', () => {
  const session = emptySession();
  const fd = openSync(join(session.directory, LOG), 'w');
  const size = 50_000_000;
  ftruncateSync(fd, size);
  writeSync(fd, '\nfirst\nlast\n', size);
  closeSync(fd);
  const before = process.memoryUsage().arrayBuffers;
  const log = LogFile.open(session, LOG);
  if (log === undefined) throw new Error('no log');
  const wish = { end: log.size, returnsCount: true };
  expect(tailOffset(log, { ...wish, lines: 2, maxBytes: size })).toBe(size + 1);
  expect(logEnd(session, LOG, 5)).toBe('last\n');
  expect(logSize(session, LOG)).toBe(size + 12);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  // Fewer lines than wanted: all of it is read, still block by block, and never more than allowed.
  expect(tailOffset(log, { ...wish, lines: 9, maxBytes: 2 * size })).toBe(0);
  expect(tailOffset(log, { ...wish, lines: 9, maxBytes: 1_000 })).toBe(size + 12 - 1_000);
  log.close();
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
  expect(LogFile.open(session, LOG)).toBeUndefined();
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
