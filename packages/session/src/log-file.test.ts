import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogFile } from './log-file.ts';
import type { Session } from './session.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const LOG = 'stderr.log';

function open(session: Session): LogFile {
  const log = LogFile.open(session, LOG);
  if (log === undefined) throw new Error('no log');
  onTestFinished(() => log.close());
  return log;
}

test('there is no log where there is no file', () => {
  expect(LogFile.open(emptySession(), LOG)).toBeUndefined();
});

test('an open log stays the same file, whatever happens to its name', () => {
  const session = sessionWith(LOG, 'one');
  const path = join(session.directory, LOG);
  const log = open(session);
  expect(log.isReplaced).toBe(false);
  renameSync(path, `${path}.1`);
  expect(log.isReplaced).toBe(false);
  writeFileSync(path, 'other');
  expect(log.isReplaced).toBe(true);
  appendFileSync(`${path}.1`, ' more');
  expect([log.size, log.read(0).toString()]).toEqual([8, 'one more']);
  rmSync(path);
  expect(log.isReplaced).toBe(false);
});

test('bytes are read where they are, and none after the end', () => {
  const log = open(sessionWith(LOG, 'abcdef'));
  expect(log.read(2, 3).toString()).toBe('cde');
  expect(log.read(4, 99).toString()).toBe('ef');
  expect([log.read(6).length, log.read(99).length, log.read(0, -1).length]).toEqual([0, 0, 0]);
});

test('blocks are what stands between two places, and end early where the log has become shorter', () => {
  const text = 'x'.repeat(150_000);
  const session = sessionWith(LOG, text);
  const log = open(session);
  const blocks = [...log.blocks(10, 140_000)];
  expect(blocks.length).toBe(3);
  expect(Buffer.concat(blocks).length).toBe(139_990);
  const shrinking = log.blocks(0, 150_000);
  expect(shrinking.next().done).toBe(false);
  truncateSync(join(session.directory, LOG), 10);
  expect(shrinking.next().done).toBe(true);
});
