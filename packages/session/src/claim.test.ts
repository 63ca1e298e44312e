import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, probe } from '@csa/liveness';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Claim, type ClaimRecord, type Hold } from './claim.ts';
import { answersOf, startProgram } from './processes.test.fixture.ts';
import { Register } from './register.ts';

const HOUR = 3_600_000;

function claimIn(directory: string): Claim<'read' | 'write'> {
  return new Claim({ directory, name: 'some' }, ['read', 'write']);
}

async function taken(claim: Claim<'read' | 'write'>): Promise<Hold> {
  const hold = await claim.take('read', Date.now() + HOUR);
  if ('release' in hold) return hold;
  throw new Error(`held: ${hold.kind}`);
}

/** A process that does nothing, ended with the test. */
async function bystander(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  const identity = await identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('no process');
  return identity;
}

/** As somebody else has written it down. */
function plant(directory: string, more: Partial<Extract<ClaimRecord<string>, { kind: 'held' }>>): void {
  const register = new Register({ directory, name: 'some', parse: (value) => value });
  const held = { kind: 'held', token: 'x', role: 'read', until: Date.now() + HOUR, ...more };
  expect(register.tryWrite(register.read().number, held)).toBe(true);
}

describe('a claim', () => {
  test('is held by one at a time, in the role that it was taken for', async () => {
    const claim = claimIn(temporaryDirectory());
    expect(await claim.holder()).toEqual({ kind: 'nobody' });
    const hold = await taken(claim);
    const held = { kind: 'alive', role: 'read', identity: await identify(process.pid) };
    expect(await claim.holder()).toEqual(held);
    expect(await claim.take('write', Date.now() + HOUR)).toEqual(held);
    hold.release();
    hold.release();
    expect(await claim.holder()).toEqual({ kind: 'nobody' });
    expect(await claim.take('write', Date.now() + HOUR)).toHaveProperty('release');
    expect(await claim.holder()).toMatchObject({ kind: 'alive', role: 'write' });
  });

  test('that is released a second time is not taken from its next holder', async () => {
    const claim = claimIn(temporaryDirectory());
    const first = await taken(claim);
    first.release();
    await taken(claim);
    first.release();
    expect(await claim.holder()).toMatchObject({ kind: 'alive' });
  });

  test('of another role, or of no form of ours, claims nothing', async () => {
    const directory = temporaryDirectory();
    plant(directory, { role: 'refresh', identity: await bystander() });
    expect(await claimIn(directory).holder()).toEqual({ kind: 'nobody' });
    for (const text of ['', '{', 'null', '{"kind":"held"}', '[]']) {
      const [name = ''] = readdirSync(directory);
      writeFileSync(join(directory, name), text);
      expect(await claimIn(directory).holder()).toEqual({ kind: 'nobody' });
    }
    await taken(claimIn(directory));
  });

  test.each([
    ['its time is over', -1, true, 'nobody'],
    ['its time is not over', HOUR, true, 'alive'],
    ['it holds for as long as it lives', -1, false, 'alive'],
  ] as const)('of a process that lives, of which %s', async (_, ms, isOverInTime, kind) => {
    const directory = temporaryDirectory();
    plant(directory, { identity: await bystander(), until: Date.now() + ms });
    const claim = new Claim({ directory, name: 'some', isOverInTime }, ['read', 'write']);
    expect(await claim.holder()).toMatchObject({ kind });
    expect('release' in (await claim.take('read', Date.now() + HOUR))).toBe(kind === 'nobody');
  });

  test('of a process that has ended is taken over, and of another one that has its number now too', async () => {
    const directory = temporaryDirectory();
    const other = await bystander();
    plant(directory, { identity: { ...other, startTime: '1' } });
    expect(await claimIn(directory).holder()).toEqual({ kind: 'nobody' });
    await taken(claimIn(directory));
  });

  test('of a process of which nothing can be told is believed until its time is over', async () => {
    const directory = temporaryDirectory();
    const elsewhere = { pid: 1, startTime: '1', bootId: 'x', machineId: 'another', pidNamespace: 'another' };
    plant(directory, { identity: elsewhere });
    expect(await claimIn(directory).holder()).toMatchObject({ kind: 'unknown', role: 'read' });
    plant(directory, { identity: elsewhere, until: Date.now() - 1 });
    expect(await claimIn(directory).holder()).toEqual({ kind: 'nobody' });
  });

  test('whose holder was killed is given over once what that one had started was ended', async () => {
    const directory = temporaryDirectory();
    const left = await bystander();
    const module = `
      import { Claim } from 'SRC/claim.ts';
      const claim = new Claim({ directory: process.argv[1], name: 'some' }, ['read']);
      const hold = await claim.take('read', Date.now() + ${HOUR});
      hold.note(JSON.parse(process.argv[2]));
      process.kill(process.pid, 'SIGKILL');`;
    const child = startProgram({ module, args: [directory, JSON.stringify(left)] });
    await until(() => child.signalCode === 'SIGKILL', 'its end');
    expect((await probe(left)).state).toBe('alive');
    await taken(claimIn(directory));
    await until(async () => (await probe(left)).state === 'dead', 'the end of what it had started');
  });

  test('where nothing can be made is not taken, and the trouble is told', async () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    await expect(claimIn(path).take('read', 1)).rejects.toThrow('EEXIST');
  });

  test('leaves what stands beside it alone', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'other'));
    (await taken(claimIn(directory))).release();
    expect(readdirSync(directory).sort()).toEqual(['other', 'some.1.json', 'some.2.json']);
    expect(JSON.parse(readFileSync(join(directory, 'some.2.json'), 'utf8'))).toEqual({ kind: 'released' });
  });
});

test('of many processes that take it again and again, one alone ever holds it', async () => {
  const directory = temporaryDirectory();
  const module = `
    import { closeSync, openSync, unlinkSync } from 'node:fs';
    import { Claim } from 'SRC/claim.ts';
    const claim = new Claim({ directory: process.argv[1], name: 'some' }, ['read']);
    for (let holds = 0; holds < 5; ) {
      const hold = await claim.take('read', Date.now() + ${HOUR});
      if (!('release' in hold)) continue;
      // Made by two at once, it would be there already.
      closeSync(openSync(process.argv[1] + '/alone', 'wx'));
      unlinkSync(process.argv[1] + '/alone');
      hold.release();
      holds += 1;
    }
    console.log('5');`;
  const programs = Array.from({ length: 6 }, () => ({ module, args: [directory] }));
  expect(await answersOf(programs)).toEqual([5, 5, 5, 5, 5, 5]);
}, 30_000);
