import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { appendNotes, readNotes } from './notes.ts';
import { MAX_RECORD_BYTES } from './reading.ts';
import { openNamedDirectory, type Session } from './session.ts';
import { newSessionId } from './session-id.ts';

function session(): Session {
  const directory = join(temporaryDirectory(), newSessionId());
  mkdirSync(directory);
  return openNamedDirectory(directory);
}

const fileOf = ({ directory }: Session): string => join(directory, 'supervisor.log');

test('notes are read as they were added, each on a line of its own with its time', () => {
  const it = session();
  appendNotes(it, ['first', 'second\nof two lines\r\n']);
  appendNotes(it, ['third']);
  expect(readNotes(it).map((note) => note.split(' ').slice(1).join(' '))).toEqual([
    'first',
    'second of two lines ',
    'third',
  ]);
  for (const note of readNotes(it)) expect(Date.parse(note.split(' ')[0] ?? '')).not.toBeNaN();
  expect(statSync(fileOf(it)).mode & 0o777).toBe(0o600);
});

test('where nothing was noted there are no notes', () => {
  expect(readNotes(session())).toEqual([]);
});

describe('in place of the file', () => {
  test('a symbolic link is neither written through nor read', () => {
    const it = session();
    const target = join(temporaryDirectory(), 'target');
    writeFileSync(target, 'not a note\n');
    symlinkSync(target, fileOf(it));
    expect(() => appendNotes(it, ['x'])).toThrow(/ELOOP|EMLINK/);
    expect([readNotes(it), readFileSync(target, 'utf8')]).toEqual([[], 'not a note\n']);
  });

  test('a FIFO that nobody reads holds nobody up', () => {
    const it = session();
    execFileSync('mkfifo', [fileOf(it)]);
    expect(() => appendNotes(it, ['x'])).toThrow('ENXIO');
    expect(readNotes(it)).toEqual([]);
  });

  test.each<[what: string, bytes: string | Buffer]>([
    ['a file beyond all bounds', 'x'.repeat(MAX_RECORD_BYTES + 1)],
    ['bytes that are no text', Buffer.from([0x61, 0xff, 0x0a])],
  ])('%s gives no notes', (_, bytes) => {
    const it = session();
    writeFileSync(fileOf(it), bytes);
    expect(readNotes(it)).toEqual([]);
  });
});

test('a session that was removed is not made again', () => {
  const it = session();
  rmSync(it.directory, { recursive: true });
  expect(() => appendNotes(it, ['x'])).toThrow('ENOENT');
  expect([readNotes(it), existsSync(it.directory)]).toEqual([[], false]);
});
