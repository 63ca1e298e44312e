import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCompletion } from './completion.ts';
import { readCommand, readDaemon } from './daemon.ts';
import { readMetadata } from './metadata.ts';
import { MAX_RECORD_BYTES, type Reading, readRecord } from './reading.ts';
import { readReport } from './report.ts';
import { formatResult, readResult } from './result.ts';
import { readResumeTarget } from './resume-target.ts';
import { recordPlace, type Session } from './session.ts';
import { answerOf, emptySession, RESULT, sessionWith, withoutOverride, works } from './sessions.test.fixture.ts';
import { readState } from './state.ts';
import { readStopRequest } from './stop-request.ts';

const READERS: readonly (readonly [name: string, read: (session: Session) => Reading<unknown>])[] = [
  ['result.toml', readResult],
  ['daemon-completion.toml', readCompletion],
  ['.complete', readCompletion],
  ['daemon.pid', readDaemon],
  ['command.pid', readCommand],
  ['metadata.toml', readMetadata],
  ['state.toml', readState],
  ['resume-target.toml', readResumeTarget],
  ['stop-request.toml', readStopRequest],
  ['output/result.toml', readReport],
];

type Plant = (path: string) => void | Promise<void>;

const PLANTS: readonly (readonly [what: string, plant: Plant])[] = [
  ['a FIFO', (path) => void execFileSync('mkfifo', [path])],
  ['a directory', (path) => mkdirSync(path)],
  ['a link to /dev/zero', (path) => symlinkSync('/dev/zero', path)],
  ['a link to nothing', (path) => symlinkSync('nothing', path)],
  ['a link to itself', (path) => symlinkSync(path, path)],
  ['a device that never ends', plantDevice],
  ['a socket', plantSocket],
  ['a file over 1 MiB', (path) => grow(path, MAX_RECORD_BYTES + 1)],
  ['a sparse file of 1 TiB', (path) => grow(path, 2 ** 40)],
  ['bytes that are no UTF-8', (path) => writeFileSync(path, Uint8Array.of(0x31, 0xff, 0xfe))],
  ['a byte-order mark', (path) => writeFileSync(path, '\uFEFF4711')],
  ['a NUL', (path) => writeFileSync(path, 'tool\0')],
];

describe.each(READERS)('%s', (name, read) => {
  test('is absent where there is no file', () => {
    expect(read(emptySession())).toEqual({ kind: 'absent' });
  });

  test('is absent once the whole directory is gone', () => {
    const session = emptySession();
    rmSync(session.directory, { recursive: true });
    expect(read(session)).toEqual({ kind: 'absent' });
  });

  test.each(PLANTS)('is unreadable with %s in its place, and nobody hangs', async (_what, plant) => {
    const session = emptySession();
    mkdirSync(join(session.directory, 'output'));
    await plant(join(session.directory, name));
    expect(read(session)).toEqual({ kind: 'unreadable', why: expect.stringMatching(/./) });
  });
});

describe('a record counts only from the owner of the session or root', () => {
  const text = formatResult(RESULT);
  const isRoot = process.getuid?.() === 0;

  test('one of somebody else is unreadable', () => {
    const session = sessionWith('result.toml', text);
    if (isRoot) chownSync(join(session.directory, 'result.toml'), 65534, 65534);
    const seen = isRoot ? session : { ...session, owner: session.owner + 1 };
    expect(readResult(seen)).toEqual({ kind: 'unreadable', why: expect.stringContaining('owned by uid') });
  });

  test("the owner's own and, in a session of another, root's are believed", () => {
    const session = sessionWith('result.toml', text);
    expect(readResult(session).kind).toBe('present');
    if (!isRoot) return;
    expect(readResult({ ...session, owner: 65534 }).kind).toBe('present');
    chownSync(join(session.directory, 'result.toml'), 65534, 65534);
    expect(readResult({ ...session, owner: 65534 }).kind).toBe('present');
  });
});

test('what could not be read leaves nothing behind for the next record', () => {
  const torn = sessionWith('metadata.toml', Uint8Array.of(0x74, 0xf0, 0x9f));
  const whole = sessionWith('metadata.toml', 'tool = "測試"\n');
  expect([readMetadata(torn).kind, readMetadata(whole)]).toEqual([
    'unreadable',
    { kind: 'present', value: expect.objectContaining({ tool: '測試' }) },
  ]);
});

test.each([readResumeTarget, readStopRequest, readCompletion])(
  'a record that is mostly absent is absent only where that can be told: %o',
  (read) => {
    const unreachable = { ...emptySession(), directory: `/${'x'.repeat(300)}/session` };
    expect(read(unreachable)).toEqual({ kind: 'error', code: 'ENAMETOOLONG' });
  },
);

test('a file of exactly 1 MiB is read whole', () => {
  const session = sessionWith('x', 'a'.repeat(MAX_RECORD_BYTES));
  expect(readRecord(recordPlace(session, 'x'), (text) => text.length)).toEqual({
    kind: 'present',
    value: MAX_RECORD_BYTES,
  });
});

test('what a parser throws becomes the reason, its first line only', () => {
  const session = sessionWith('x', '');
  const parse = (): never => {
    throw new Error('first\nsecond');
  };
  expect(readRecord(recordPlace(session, 'x'), parse)).toEqual({ kind: 'unreadable', why: 'first' });
});

test("want of descriptors is the reader's own trouble, and says nothing about the session", async () => {
  const session = sessionWith('result.toml', formatResult(RESULT));
  const module = `
    import { closeSync, openSync } from 'node:fs';
    import { openNamedDirectory } from 'SRC/session.ts';
    import { readResult } from 'SRC/result.ts';
    const session = openNamedDirectory(process.argv[1]);
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    const without = readResult(session);
    closeSync(held.pop());
    console.log(JSON.stringify([without, readResult(session).kind]));`;
  const through = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
  const answer = await answerOf(module, { args: [session.directory], through });
  expect(answer).toEqual([{ kind: 'error', code: 'EMFILE' }, 'present']);
});

test('a record that may not be read is trouble of our own', async () => {
  const session = sessionWith('result.toml', formatResult(RESULT));
  const module = `
    import { chmodSync } from 'node:fs';
    import { openNamedDirectory } from 'SRC/session.ts';
    import { readResult } from 'SRC/result.ts';
    const session = openNamedDirectory(process.argv[1]);
    chmodSync(session.directory + '/result.toml', 0);
    console.log(JSON.stringify(readResult(session)));`;
  const answer = await answerOf(module, { args: [session.directory], through: withoutOverride() });
  expect(answer).toEqual({ kind: 'error', code: 'EACCES' });
});

/** Only root can make one; for everybody else a link to one must do. */
function plantDevice(path: string): void {
  if (!works(['mknod', path, 'c', '1', '5'])) symlinkSync('/dev/zero', path);
}

async function plantSocket(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

function grow(path: string, bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}
