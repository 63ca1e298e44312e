import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishResult, reserveResult } from './publish.ts';
import { formatResult, parseResult, readResult } from './result.ts';
import type { Session } from './session.ts';
import { answerOf, emptySession, RESULT, runModule } from './sessions.test.fixture.ts';

const OTHER = { ...RESULT, summary: 'somebody else', exitCode: 1 };

test('the result is published whole, and the reservation becomes it', () => {
  const session = reserved();
  const room = statSync(at(session, '.result.reserved'));
  expect(room.size).toBeGreaterThanOrEqual(32 * 1024);
  expect(room.blocks * 512).toBeGreaterThanOrEqual(32 * 1024);
  expect(publishResult(session, RESULT)).toBe('published');
  expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
  expect(readdirSync(session.directory)).toEqual(['result.toml']);
  expect(statSync(at(session, 'result.toml'))).toMatchObject({ ino: room.ino, nlink: 1, mode: 0o100600 });
});

test('a result larger than the reservation is published too', () => {
  const session = reserved();
  const large = { ...RESULT, summary: 'x'.repeat(100_000) };
  expect(publishResult(session, large)).toBe('published');
  expect(readResult(session)).toEqual({ kind: 'present', value: large });
});

test.each([
  ['a result', formatResult(OTHER)],
  ['a torn one', 'status = "succ'],
  ['an empty one', ''],
])('%s that is already there wins, and ours stays beside it', (_what, text) => {
  const session = reserved();
  writeFileSync(at(session, 'result.toml'), text);
  expect(publishResult(session, RESULT)).toBe('already-there');
  expect(readFileSync(at(session, 'result.toml'), 'utf8')).toBe(text);
  expect(parseResult(readFileSync(at(session, '.result.reserved'), 'utf8'))).toEqual(RESULT);
  expect(readdirSync(session.directory).sort()).toEqual(['.result.reserved', 'result.toml']);
});

test('a link to nowhere in place of the result is somebody else there, and stays', () => {
  const session = reserved();
  symlinkSync('nowhere', at(session, 'result.toml'));
  expect(publishResult(session, RESULT)).toBe('already-there');
  expect(existsSync(at(session, 'nowhere'))).toBe(false);
});

describe('whatever became of the reservation, the result is published and nothing else is written to', () => {
  const secret = (session: Session): string => at(session, 'somebody-elses');

  test.each<[string, (path: string, session: Session) => void]>([
    ['removed', () => {}],
    ['a symbolic link', (path, session) => symlinkSync(secret(session), path)],
    ['a link to nowhere', (path) => symlinkSync('nowhere', path)],
    ['a FIFO that nobody reads', (path) => void execFileSync('mkfifo', [path])],
    ['a hard link', (path, session) => linkSync(secret(session), path)],
    ['a directory', (path) => mkdirSync(join(path, 'inside'), { recursive: true })],
    ['a file that may not be written', (path) => writeFileSync(path, '', { mode: 0o400 })],
    ['an empty file', (path) => writeFileSync(path, '')],
  ])('%s', (_what, replace) => {
    const session = reserved();
    writeFileSync(secret(session), 'untouched');
    rmSync(at(session, '.result.reserved'));
    replace(at(session, '.result.reserved'), session);
    expect(publishResult(session, RESULT)).toBe('published');
    expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
    expect(readFileSync(secret(session), 'utf8')).toBe('untouched');
    expect(statSync(at(session, 'result.toml'))).toMatchObject({ nlink: 1, mode: 0o100600 });
    expect(readdirSync(session.directory).sort()).toEqual(['result.toml', 'somebody-elses']);
  });
});

describe('who publishes again changes nothing that was published', () => {
  test('after all was done', () => {
    const session = reserved();
    publishResult(session, RESULT);
    expect(publishResult(session, OTHER)).toBe('already-there');
    expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
  });

  test('after a kill between the link and the removal of the reservation', () => {
    const session = reserved();
    writeFileSync(at(session, '.result.reserved'), formatResult(RESULT));
    linkSync(at(session, '.result.reserved'), at(session, 'result.toml'));
    expect(publishResult(session, OTHER)).toBe('already-there');
    expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
    expect(parseResult(readFileSync(at(session, '.result.reserved'), 'utf8'))).toEqual(OTHER);
  });

  test('after a kill in the middle of the writing', () => {
    const session = reserved();
    writeFileSync(at(session, '.result.reserved'), formatResult(OTHER).slice(0, 40));
    expect(readResult(session)).toEqual({ kind: 'absent' });
    expect(publishResult(session, RESULT)).toBe('published');
    expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
  });
});

test('a directory that is gone is said, not invented', () => {
  const session = reserved();
  rmSync(session.directory, { recursive: true });
  expect(() => publishResult(session, RESULT)).toThrow('ENOENT');
  expect(existsSync(session.directory)).toBe(false);
});

test('a reader that races 300 publications sees nothing, or the whole', async () => {
  const sessions = Array.from({ length: 300 }, () => reserved());
  const module = `
    import { openNamedDirectory } from 'SRC/session.ts';
    import { publishResult } from 'SRC/publish.ts';
    const [result, ...directories] = process.argv.slice(1);
    for (const directory of directories) publishResult(openNamedDirectory(directory), JSON.parse(result));`;
  const ended = runModule(module, { args: [JSON.stringify(RESULT), ...sessions.map(({ directory }) => directory)] });
  const deadline = Date.now() + 30_000;
  let absent = 0;
  for (const session of sessions) {
    for (;;) {
      const reading = readResult(session);
      if (reading.kind === 'present') {
        expect(reading.value).toEqual(RESULT);
        break;
      }
      expect(reading).toEqual({ kind: 'absent' });
      absent += 1;
      if (absent % 1000 === 0) await new Promise(setImmediate);
      if (Date.now() > deadline) throw new Error('the publisher is too slow');
    }
  }
  expect(absent).toBeGreaterThan(0);
  expect((await ended).code).toBe(0);
});

function reserved(): Session {
  const session = emptySession();
  chmodSync(session.directory, 0o700);
  reserveResult(session.directory);
  return session;
}

function at(session: Session, name: string): string {
  return join(session.directory, name);
}

test('without a descriptor to write it with the reservation is kept for the next try', async () => {
  const session = reserved();
  const module = `
    import { closeSync, openSync } from 'node:fs';
    import { publishResult } from 'SRC/publish.ts';
    const [directory, result] = process.argv.slice(1);
    const session = { directory };
    const taken = [];
    try {
      for (;;) taken.push(openSync('/dev/null'));
    } catch {}
    let failed = '';
    try {
      publishResult(session, JSON.parse(result));
    } catch (error) {
      failed = error.code;
    }
    for (const fd of taken) closeSync(fd);
    console.log(JSON.stringify({ failed, second: publishResult(session, JSON.parse(result)) }));`;
  const room = statSync(at(session, '.result.reserved')).ino;
  const through = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
  const answer = await answerOf(module, { args: [session.directory, JSON.stringify(RESULT)], through });
  expect(answer).toEqual({ failed: 'EMFILE', second: 'published' });
  expect(statSync(at(session, 'result.toml')).ino).toBe(room);
});
