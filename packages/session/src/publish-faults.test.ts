import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { publishResult, reserveResult } from './publish.ts';
import { formatResult, parseResult, readResult } from './result.ts';
import type { Session } from './session.ts';
import { newSessionId } from './session-id.ts';
import {
  afterShell,
  answerOf,
  emptySession,
  namespace,
  RESULT,
  runModule,
  withoutOverride,
  works,
} from './sessions.test.fixture.ts';

const PUBLISH = `
  import { openNamedDirectory } from 'SRC/session.ts';
  import { publishResult } from 'SRC/publish.ts';
  const [directory, result] = process.argv.slice(1);
  let answer;
  try { answer = publishResult(openNamedDirectory(directory), JSON.parse(result)); } catch (error) { answer = error.code; }
  console.log(JSON.stringify(answer));`;

const canTrace = works(['strace', '-f', '-o', '/dev/null', 'true']);

test('of several publishers at once exactly one wins, in each of 50 tries', async () => {
  const base = temporaryDirectory();
  const sessions = Array.from({ length: 50 }, () => reserved(base));
  const module = `
    import { openNamedDirectory } from 'SRC/session.ts';
    import { publishResult } from 'SRC/publish.ts';
    const [result, who, start, ...directories] = process.argv.slice(1);
    const answers = directories.map((directory, i) => {
      const session = openNamedDirectory(directory);
      while (Date.now() < Number(start) + i * 5);
      return publishResult(session, { ...JSON.parse(result), tool: who, summary: who.repeat(2000) });
    });
    console.log(JSON.stringify(answers));`;
  const start = String(Date.now() + 600);
  const directories = sessions.map(({ directory }) => directory);
  const publishers = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(
    publishers.map((who) => answerOf<string[]>(module, { args: [JSON.stringify(RESULT), who, start, ...directories] })),
  );
  sessions.forEach((session, i) => {
    const winners = publishers.filter((_who, p) => answers[p]?.[i] === 'published');
    expect(winners).toHaveLength(1);
    const [tool = ''] = winners;
    expect(readResult(session)).toEqual({ kind: 'present', value: { ...RESULT, tool, summary: tool.repeat(2000) } });
    expect(readdirSync(session.directory).sort()).toEqual(['.result.reserved', 'result.toml']);
  });
});

describe('a full disk takes no result away', () => {
  const module = `
    import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
    import { openNamedDirectory } from 'SRC/session.ts';
    import { publishResult, reserveResult } from 'SRC/publish.ts';
    import { readResult } from 'SRC/result.ts';
    const [base, id, result, full] = process.argv.slice(1);
    const directory = base + '/' + id;
    mkdirSync(directory);
    reserveResult(directory);
    let filled = '';
    if (full) try { for (let i = 0; ; i += 1) writeFileSync(base + '/fill' + i, full); } catch (error) { filled = error.code; }
    const session = openNamedDirectory(directory);
    const answer = publishResult(session, JSON.parse(result));
    console.log(JSON.stringify([filled, answer, readResult(session), readdirSync(directory)]));`;

  test.each([
    ['blocks', 'size=64k', 'x'.repeat(4096)],
    ['inodes', 'size=1m,nr_inodes=5', 'x'],
  ])('%s', async (_what, size, filling) => {
    const base = temporaryDirectory();
    const isolated = namespace();
    const mount = afterShell(`mount -t tmpfs -o ${size} tmpfs ${base}`);
    const args = [base, newSessionId(), JSON.stringify(RESULT), isolated === undefined ? '' : filling];
    const answer = await answerOf(module, { args, through: isolated === undefined ? [] : [...isolated, ...mount] });
    const reading = { kind: 'present', value: RESULT };
    expect(answer).toEqual([isolated === undefined ? '' : 'ENOSPC', 'published', reading, ['result.toml']]);
  });
});

describe('where links are refused the reservation is renamed', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'])('%s', async (errno) => {
    const session = reserved();
    const answer = await publishThrough(session, inject(`link,linkat:error=${errno}`));
    expect(answer).toBe('published');
    expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
    expect(readdirSync(session.directory)).toEqual(['result.toml']);
  });

  test('but never over a result', async () => {
    const session = reserved();
    publishResult(session, { ...RESULT, tool: 'first' });
    expect(await publishThrough(session, inject('link,linkat:error=EPERM'))).toBe('already-there');
    expect(readResult(session)).toMatchObject({ value: { tool: 'first' } });
    expect(parseResult(readFileSync(join(session.directory, '.result.reserved'), 'utf8'))).toEqual(RESULT);
  });
});

test.each(['EIO', 'EACCES', 'EROFS'])('a link that fails with %s has published nothing, and says so', async (errno) => {
  const session = reserved();
  expect(await publishThrough(session, inject(`link,linkat:error=${errno}`))).toBe(canTrace ? errno : 'published');
  expect(readResult(session).kind).toBe(canTrace ? 'absent' : 'present');
  expect(readdirSync(session.directory)).toEqual([canTrace ? '.result.reserved' : 'result.toml']);
});

test('a reservation that cannot be renamed is filled where it is', async () => {
  const session = reserved();
  expect(await publishThrough(session, inject('rename,renameat,renameat2:error=ENOSPC'))).toBe('published');
  expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
  expect(readdirSync(session.directory)).toEqual(['result.toml']);
});

test('trouble after the link is not called a failure: the result is there', async () => {
  const session = reserved();
  expect(await publishThrough(session, inject('fsync:error=EIO:when=2+'))).toBe('published');
  expect(readResult(session)).toEqual({ kind: 'present', value: RESULT });
});

test('data that cannot be put on the disk is not published', async () => {
  const session = reserved();
  expect(await publishThrough(session, inject('fsync:error=EIO:when=1'))).toBe(canTrace ? 'EIO' : 'published');
  expect(readResult(session).kind).toBe(canTrace ? 'absent' : 'present');
});

test('a directory without write permission is said, and nothing is published', async () => {
  const session = reserved();
  const module = `import { chmodSync } from 'node:fs';\nchmodSync(process.argv[1], 0o500);\n${PUBLISH}
    chmodSync(process.argv[1], 0o700);`;
  const args = [session.directory, JSON.stringify(RESULT)];
  expect(await answerOf(module, { args, through: withoutOverride() })).toBe('EACCES');
  expect(readResult(session)).toEqual({ kind: 'absent' });
});

describe('a publisher killed at any step leaves nothing or the whole, and its successor changes nothing', () => {
  const steps = ['rename,renameat,renameat2', 'write,pwrite64', 'ftruncate', 'fsync', 'link,linkat', 'unlink,unlinkat'];
  const later = { ...RESULT, tool: 'successor' };

  test.each(steps.flatMap((step) => [[step, 1] as const, [step, 2] as const]))('%s, number %i', async (step, when) => {
    const session = reserved();
    // Of write(2) only calls on this directory's files are meant.
    const paths = step.startsWith('write') ? tracedFiles(session) : [];
    const through = inject(`${step}:signal=SIGKILL:when=${when}`, paths);
    await runModule(PUBLISH, { args: [session.directory, JSON.stringify(RESULT)], through });
    const after = readResult(session);
    expect(['absent', 'present']).toContain(after.kind);
    if (after.kind === 'present') expect(after.value).toEqual(RESULT);
    const expected = after.kind === 'present' ? 'already-there' : 'published';
    expect(publishResult(session, later)).toBe(expected);
    expect(readResult(session)).toEqual({ kind: 'present', value: after.kind === 'present' ? RESULT : later });
  });
});

function inject(fault: string, paths: readonly string[] = []): string[] {
  if (!canTrace) return [];
  const calls = fault.slice(0, fault.indexOf(':'));
  const limit = paths.flatMap((path) => ['-P', path]);
  return ['strace', '-f', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${fault}`, ...limit];
}

function tracedFiles(session: Session): string[] {
  return [join(session.directory, '.result.reserved')];
}

async function publishThrough(session: Session, through: readonly string[]): Promise<string> {
  return answerOf<string>(PUBLISH, { args: [session.directory, JSON.stringify(RESULT)], through });
}

function reserved(sessions?: string): Session {
  const session = emptySession(newSessionId(), sessions);
  reserveResult(session.directory);
  expect(formatResult(RESULT).length).toBeLessThan(32 * 1024);
  return session;
}
