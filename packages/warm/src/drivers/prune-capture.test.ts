import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { conversationBody, startCacheServer, temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { captureRequest } from './capture.ts';
import type { WarmContext } from './driver.ts';
import { makeDriver } from './make-driver.ts';
import { pruneCapture } from './prune-capture.ts';

const MINUTE = 60_000;
const ago = (minutes: number): number => Date.now() - minutes * MINUTE;
const BODY = JSON.stringify(conversationBody());

/** A capture of a request that began, and was last of use, so many minutes ago. */
function capture(minutes: number, path: string = join(temporaryDirectory(), 'one.jsonl')): string {
  const headers = { 'anthropic-version': '2023-06-01' };
  const request = { method: 'POST', url: '/v1/messages', headers, body: BODY, at: ago(minutes) };
  expect(captureRequest(path, request)).toEqual({ kind: 'captured' });
  return age(path, minutes);
}

function age(path: string, minutes: number): string {
  utimesSync(path, ago(minutes) / 1000, ago(minutes) / 1000);
  return path;
}

describe('a capture', () => {
  test('that is older than any prefix lives is removed, and nothing stays of it', () => {
    const path = capture(70);
    pruneCapture(path);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['of an hour’s prefix that may live', () => capture(64)],
    ['that was of use since', () => age(capture(70), 10)],
    ['whose time lies ahead', () => capture(-70)],
    ['whose request is younger than its file', () => age(capture(10), 70)],
  ])('%s stays', (_, made) => {
    const path = made();
    pruneCapture(path);
    expect(existsSync(path)).toBe(true);
  });

  test('whose prefix was used since, as somebody knows, stays', () => {
    const path = capture(70);
    pruneCapture(path, ago(30));
    expect(existsSync(path)).toBe(true);
  });
});

describe('what is not certainly a capture of ours stays:', () => {
  test.each<[string, (text: string) => string, number]>([
    ['a file that others may read', (text) => text, 0o644],
    ['another text', () => '{"schema":"other"}\n', 0o600],
    ['an empty file', () => '', 0o600],
    ['one that only begins like a capture', (text) => text.slice(0, 80), 0o600],
    ['one that ends in another line', (text) => `${text}{"a":1}\n`, 0o600],
  ])('%s', (_, change, mode) => {
    const path = capture(70);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    chmodSync(age(path, 70), mode);
    pruneCapture(path);
    expect(existsSync(path)).toBe(true);
  });

  test('a link, and what it leads to', () => {
    const old = capture(70);
    const link = join(temporaryDirectory(), 'one.jsonl');
    symlinkSync(old, link);
    pruneCapture(link);
    expect([existsSync(link), existsSync(old)]).toEqual([true, true]);
  });

  test('a directory, and nothing at all', () => {
    const directory = temporaryDirectory();
    pruneCapture(age(directory, 70));
    pruneCapture(join(directory, 'absent'));
    pruneCapture(join(capture(10), 'below'));
    expect(existsSync(directory)).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)("another user's", () => {
    const path = capture(70);
    chownSync(path, 65_534, 65_534);
    pruneCapture(path);
    expect(existsSync(path)).toBe(true);
  });
});

describe('a driver', () => {
  async function warm(path: string, more: Partial<WarmContext> = {}) {
    const server = await startCacheServer();
    const choice = {
      name: 'anthropic-replay',
      capture: path,
      baseUrl: server.url,
      credential: { kind: 'environment', variable: 'ANTHROPIC_API_KEY' },
    } as const;
    const context = { caller: 'c', session: 's', cwd: dirname(path), timeoutMs: 60_000, ttlMs: 300_000, ...more };
    return makeDriver(choice, { ANTHROPIC_API_KEY: 'test-credential' }).warm(context, new AbortController().signal);
  }

  test('that meets one that is too old for any tier removes it', async () => {
    const path = capture(70);
    expect(await warm(path)).toMatchObject({ reason: 'predicted_cold' });
    expect(existsSync(path)).toBe(false);
  });

  test('leaves one that is only too old for its own tier, and one that is to be revived', async () => {
    const cold = capture(10);
    expect(await warm(cold)).toMatchObject({ reason: 'predicted_cold' });
    const revived = capture(70);
    expect(await warm(revived, { revive: true })).toMatchObject({ kind: 'answered' });
    expect([existsSync(cold), existsSync(revived)]).toEqual([true, true]);
  });

  test('marks what it has sent again as of use, so that nobody removes what still warms', async () => {
    const path = capture(70);
    expect(await warm(path, { anchor: ago(4) })).toMatchObject({ kind: 'answered' });
    pruneCapture(path);
    expect(existsSync(path)).toBe(true);
  });
});

describe('a writer', () => {
  test('removes the old captures beside its own, and nothing else', () => {
    const directory = temporaryDirectory();
    const beside = (name: string): string => join(directory, name);
    capture(70, beside('old.jsonl'));
    capture(10, beside('young.jsonl'));
    renameSync(capture(70), beside('old.other'));
    writeFileSync(beside('foreign.jsonl'), 'not ours', { mode: 0o600 });
    age(beside('foreign.jsonl'), 70);
    mkdirSync(beside('directory.jsonl'));
    capture(0, beside('new.jsonl'));
    const left = ['directory.jsonl', 'foreign.jsonl', 'new.jsonl', 'old.other', 'young.jsonl'];
    expect(readdirSync(directory).sort()).toEqual(left);
  });

  test('looks beside its own only after a pause: requests come fast', () => {
    const directory = temporaryDirectory();
    const own = capture(0, join(directory, 'own.jsonl'));
    const old = capture(0, join(directory, 'old.jsonl'));
    writeFileSync(old, readFileSync(capture(70)));
    age(old, 70);
    capture(0, own);
    expect(existsSync(old)).toBe(true);
    age(own, 2);
    capture(0, own);
    expect(existsSync(old)).toBe(false);
  });
});
