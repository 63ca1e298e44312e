import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, probe } from '@csa/liveness';
import { type Hold, Register } from '@csa/session/files';
import { temporaryDirectory } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { answersOf } from '../processes.test.fixture.ts';
import { credentialHash } from './key-directory.ts';
import type { WarmClaimRecord } from './warm-claim.ts';
import { WarmStore } from './warm-store.ts';

const HOUR = 3_600_000;

/** Whose requests have left something, each by the name of its credential. */
function claimedIn(store: WarmStore, credentials: readonly string[]): string[] {
  const names = readdirSync(`${store.directory}/in-flight`);
  return credentials.filter((each) => names.some((name) => name.includes(credentialHash(each))));
}

async function take(store: WarmStore, credential: string): Promise<Hold> {
  const hold = await store.flight(credential).take('wait', Date.now() + HOUR);
  if (!('release' in hold)) throw new Error(`held by ${hold.kind}`);
  return hold;
}

/** As if another process had claimed it. */
function claimFor(
  store: WarmStore,
  credential: string,
  more: Partial<Extract<WarmClaimRecord, { kind: 'held' }>>,
): void {
  const form = {
    directory: `${store.directory}/in-flight`,
    name: credentialHash(credential),
    parse: (it: unknown) => it,
  };
  const held = { kind: 'held', token: 'x', role: 'heartbeat', until: Date.now() + HOUR, ...more };
  expect(new Register(form).tryWrite(0, held)).toBe(true);
}

async function bystander(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  const identity = await identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('no process');
  return identity;
}

test('what was in flight is forgotten once it was released or its holder is dead, with what killed writers left', async () => {
  const store = new WarmStore(temporaryDirectory());
  const [other, unproven] = [await bystander(), await bystander()];
  const dead = { ...other, startTime: '1' };
  (await take(store, 'released')).release();
  await take(store, 'held');
  claimFor(store, 'dead', { identity: dead });
  claimFor(store, 'dead, and left a program', { identity: dead, program: other });
  claimFor(store, 'dead, and left what cannot be proven', { identity: dead, program: { pid: unproven.pid } });
  writeFileSync(join(store.directory, 'in-flight', `.${credentialHash('only begun')}.1.0123456789ab`), '{');
  writeFileSync(join(store.directory, 'in-flight', `.${credentialHash('held')}.2.0123456789ab`), '{');
  writeFileSync(join(store.directory, 'in-flight', 'none-of-ours'), '');
  await store.prune(() => false);
  const left = ['held', 'dead, and left what cannot be proven'];
  expect(claimedIn(store, [...left, 'released', 'dead', 'dead, and left a program', 'only begun'])).toEqual(left);
  const names = readdirSync(join(store.directory, 'in-flight'));
  expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  expect(names).toContain('none-of-ours');
  expect([(await probe(other)).state, (await probe(unproven)).state]).toEqual(['dead', 'alive']);
});

test('a store without anything in flight is pruned without making anything', async () => {
  const store = new WarmStore(join(temporaryDirectory(), 'none'));
  await store.prune(() => true);
  expect(() => readdirSync(store.directory)).toThrow('ENOENT');
});

test('of many processes that claim one credential while others prune, one alone ever holds it', async () => {
  const root = temporaryDirectory();
  const module = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { WarmStore } from 'SRC/store/warm-store.ts';
    const [root, what] = process.argv.slice(1);
    const store = new WarmStore(root);
    const deadline = Date.now() + 4_000;
    let [held, beside] = [0, 0];
    while (Date.now() < deadline) {
      if (what === 'prune') { await store.prune(() => false); continue; }
      const hold = await store.flight('one').take('wait', Date.now() + 60_000);
      if (!('release' in hold)) continue;
      held += 1;
      try { mkdirSync(root + '/lock'); await delay(1); rmdirSync(root + '/lock'); } catch { beside += 1; }
      hold.release();
      await delay(1);
    }
    console.log(JSON.stringify({ held, beside }));`;
  const programs = ['claim', 'claim', 'claim', 'prune', 'prune'].map((what) => ({ module, args: [root, what] }));
  const answers = await answersOf<{ held: number; beside: number }>(programs);
  expect(answers.map(({ beside }) => beside)).toEqual([0, 0, 0, 0, 0]);
  expect(answers.filter(({ held }) => held > 0)).toHaveLength(3);
});
