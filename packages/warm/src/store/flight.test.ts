import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { limitedUntil } from '../keep/backoff.ts';
import { WarmStore } from './warm-store.ts';

const HOUR = 3_600_000;

test('the last limit is known to all with the same credential, and to nobody else', async () => {
  const store = new WarmStore(temporaryDirectory());
  const hold = await store.flight('one').take('wait', Number.MAX_SAFE_INTEGER);
  store.flight('one').noteLimit({ at: 1, until: 2 });
  store.flight('one').noteLimit({ at: 3, until: 0 });
  if ('release' in hold) hold.release();
  expect(store.flight('one').limit()).toEqual({ at: 3, until: 0 });
  expect(await store.flight('one').holder()).toEqual({ kind: 'nobody' });
  expect(store.flight('two').limit()).toBeUndefined();
  const directory = join(store.directory, 'in-flight');
  const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
});

test('what is no limit of ours is none, and is written over', () => {
  const store = new WarmStore(temporaryDirectory());
  store.flight('one').noteLimit({ at: 1, until: 2 });
  const directory = join(store.directory, 'in-flight');
  const [name = ''] = readdirSync(directory);
  for (const text of ['', '{', '{"at":-1,"until":0}', '[]']) {
    writeFileSync(join(directory, name), text);
    expect(store.flight('one').limit()).toBeUndefined();
  }
  store.flight('one').noteLimit({ at: 5, until: 6 });
  expect(store.flight('one').limit()).toEqual({ at: 5, until: 6 });
});

test('a limit that cannot be written is no trouble of whoever has met it', () => {
  const store = new WarmStore(temporaryDirectory());
  mkdirSync(store.directory);
  writeFileSync(join(store.directory, 'in-flight'), '');
  store.flight('one').noteLimit({ at: 1, until: 2 });
  expect(store.flight('one').limit()).toBeUndefined();
});

test.each([
  ['none was met', undefined, 0],
  ['the provider did not say for how long', { at: 1000, until: 0 }, 301_000],
  ['it said for less than the prefix lives', { at: 1000, until: 2000 }, 301_000],
  ['it said for longer', { at: 1000, until: HOUR }, HOUR],
  ['it was met at a time that lies ahead, for a clock was set', { at: HOUR, until: 9 * HOUR }, 0],
] as const)('where %s a provider is left alone until %3$i', (_, limit, until) => {
  expect(limitedUntil(limit, 300_000, 2000)).toBe(until);
});
