import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, probe } from '@csa/liveness';
import { Register } from '@csa/session/files';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_LEDGER_BYTES } from '../store/ledger.ts';
import { off, on } from '../store/transitions.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import type { WarmSettings } from '../store/warm-state.ts';
import { WarmStore } from '../store/warm-store.ts';
import type { HeartbeatAnswer } from './heartbeat-answer.ts';
import { HOUR, KEY, SECOND, SETTINGS } from './keeping.test.fixture.ts';
import { adoptHeartbeat, endHeartbeat, type HeartbeatStart, startHeartbeat } from './start-heartbeat.ts';

const SCRIPT = join(import.meta.dirname, 'heartbeat.test.fixture.ts');

/** A conversation that is on, in a store of its own; whoever beats for it is ended with the test. */
class Bench {
  readonly directory: string = temporaryDirectory();
  readonly record: WarmRecord = new WarmStore(join(this.directory, 'state')).record(KEY);
  readonly log: string = join(this.directory, 'log');

  constructor() {
    onTestFinished(async () => {
      await endHeartbeat(this.record);
    });
  }

  switchOn(durationMs: number = HOUR, settings: Partial<WarmSettings> = {}): this {
    const at = Date.now();
    const all = { ...SETTINGS, intervalMs: SECOND, ...settings };
    this.record.change(on({ key: KEY, at, until: at + durationMs, settings: all, anchor: at }));
    return this;
  }

  how(env: NodeJS.ProcessEnv = {}): HeartbeatStart {
    return { script: SCRIPT, env: { ...process.env, HEARTBEAT_LOG: this.log, ...env } };
  }

  start(env?: NodeJS.ProcessEnv): Promise<HeartbeatAnswer> {
    return startHeartbeat(this.record, this.how(env));
  }

  /** What heartbeats have done, without their pids. */
  done(): string[] {
    return existsSync(this.log)
      ? readFileSync(this.log, 'utf8')
          .split(/ \d+\n/)
          .slice(0, -1)
      : [];
  }

  async holder(): Promise<ProcessIdentity> {
    const holder = await this.record.claim.holder();
    if (holder.kind !== 'alive') throw new Error(`the claim is held by ${holder.kind}`);
    return holder.identity;
  }

  kinds(): string[] {
    return this.record.readLedger().flatMap((entry) => (entry.kind === 'use' ? [] : [entry.kind]));
  }

  /** As if this process had claimed to beat. */
  claimFor(identity: ProcessIdentity, until: number = Date.now() + HOUR): void {
    const register = new Register<unknown>({ directory: this.record.directory, name: 'heartbeat', parse: (v) => v });
    const held = { kind: 'held', token: 'x', role: 'heartbeat', identity, until };
    expect(register.tryWrite(register.read().number, held)).toBe(true);
  }
}

function gone(identity: ProcessIdentity): Promise<boolean> {
  return until(async () => (await probe(identity)).state === 'dead', `the end of ${identity.pid}`);
}

async function identityOf(pid: number | undefined): Promise<ProcessIdentity> {
  const identity = await identify(pid ?? 0);
  if (identity === undefined) throw new Error(`no process ${pid}`);
  return identity;
}

/** A process that has nothing to do with warming. */
async function bystander(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return identityOf(child.pid);
}

/** A process that has ended, and that nobody has asked for yet. */
async function zombie(): Promise<ProcessIdentity> {
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const pid = await new Promise<string>((resolve) => parent.stdout.once('data', (text) => resolve(String(text))));
  const identity = await identityOf(Number(pid));
  await until(() => / Z /.test(readFileSync(`/proc/${Number(pid)}/stat`, 'utf8')), 'a zombie');
  return identity;
}

describe('a heartbeat', () => {
  test('beats, alone in a session of its own, in /, without what belongs to its starter alone', async () => {
    const bench = new Bench().switchOn();
    const answer = await bench.start({
      CSA_SESSION_ID: 'x',
      CSA_HOOK_SESSION: 'x',
      NODE_OPTIONS: '--no-deprecation',
      A_KEY: 'k',
    });
    const { pid } = await bench.holder();
    expect(answer).toEqual({ kind: 'ready', pid });
    const [, group, session] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) \S /, '')
      .split(' ')
      .map(Number);
    expect([group, session, readlinkSync(`/proc/${pid}/cwd`)]).toEqual([pid, pid, '/']);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).not.toMatch(/CSA_SESSION_ID|CSA_HOOK_SESSION|NODE_OPTIONS/);
    expect(environment).toContain('A_KEY=k');
    await until(() => bench.kinds().filter((kind) => kind === 'beat').length >= 2, 'two beats');
    expect(bench.kinds().slice(0, 4)).toEqual(['sending', 'beat', 'sending', 'beat']);
  });

  test('leaves nobody who holds what its starter holds', async () => {
    const bench = new Bench().switchOn();
    const fifo = join(bench.directory, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const starter = `
      import { startHeartbeat } from '${join(import.meta.dirname, 'start-heartbeat.ts')}';
      import { recordOf } from '${join(import.meta.dirname, 'heartbeat-answer.ts')}';
      const record = recordOf(JSON.parse(process.argv[1]));
      console.log(JSON.stringify(await startHeartbeat(record, { script: '${SCRIPT}', env: process.env })));`;
    const words = [bench.record.root, KEY.caller.agent, KEY.caller.id, KEY.session];
    const node = [process.execPath, '--no-warnings', '--input-type=module', '-e', starter, JSON.stringify(words)];
    // The reader gets to the end when nobody is left who writes; $(...) does so too.
    const line = 'cat "$FIFO" & exec 200>"$FIFO"; text=$("$@"); exec 200>&-; wait; echo "$text"';
    const env = { ...process.env, FIFO: fifo, HEARTBEAT_LOG: bench.log };
    const shell = spawnSync('bash', ['-c', line, 'bash', ...node], { env, encoding: 'utf8', timeout: 30_000 });
    expect(JSON.parse(shell.stdout)).toEqual({ kind: 'ready', pid: (await bench.holder()).pid });
  });

  test('of sixteen that are started at once exactly one beats', async () => {
    const bench = new Bench().switchOn();
    const answers = await Promise.all(Array.from({ length: 16 }, () => bench.start()));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['ready', ...Array(15).fill('taken')]);
    await until(() => bench.done().length >= 2, 'a beat');
    const { pid } = await bench.holder();
    expect(new Set(readFileSync(bench.log, 'utf8').match(/\d+/g))).toEqual(new Set([`${pid}`]));
  });

  test('ends with its time, and leaves a state that says so', async () => {
    const bench = new Bench().switchOn(4500);
    await bench.start();
    await gone(await bench.holder());
    const power = bench.record.readState()?.power;
    expect(power).toMatchObject({ kind: 'off', reason: 'duration_elapsed' });
    const over = power?.kind === 'off' ? power.at : 0;
    expect(bench.record.readLedger().every(({ at }) => at <= over)).toBe(true);
    expect(await bench.start()).toEqual({ kind: 'idle' });
  });

  test.each([
    ['was never switched on', () => {}],
    ['is off', (bench: Bench) => void bench.switchOn().record.change(off(1, 'not_enabled'))],
    [
      'has a torn state',
      (bench: Bench) => writeFileSync(join(bench.switchOn().record.directory, 'state.9.json'), '{"gener'),
    ],
    [
      'has a directory for a state',
      (bench: Bench) => mkdirSync(join(bench.switchOn().record.directory, 'state.9.json')),
    ],
  ])('of what %s does nothing', async (_, prepare) => {
    const bench = new Bench();
    prepare(bench);
    expect(await bench.start()).toEqual({ kind: 'idle' });
    expect(await bench.record.claim.holder()).toEqual({ kind: 'nobody' });
  });

  test.each([
    ['break_even_reached', {}, 11],
    ['max_warms', { maxWarms: 2 }, 2],
  ] as const)('that finds nothing left to send (%s) says so and is not ready', async (reason, settings, sent) => {
    const bench = new Bench().switchOn(HOUR, settings);
    for (let n = 0; n < sent; n += 1) {
      bench.record.append({ kind: 'sending', id: `${n}`, at: Date.now(), generation: 1 });
    }
    expect(await bench.start()).toEqual({ kind: 'stopped', reason });
    expect(bench.record.readState()?.power).toMatchObject({ kind: 'off', reason });
    expect([await bench.record.claim.holder(), bench.done()]).toEqual([{ kind: 'nobody' }, []]);
  });

  test.each([
    ['the store is a file', (bench: Bench) => writeFileSync(join(bench.directory, 'state'), ''), /EEXIST|ENOTDIR/],
    [
      'its books are a directory',
      (bench: Bench) => mkdirSync(join(bench.switchOn().record.directory, 'ledger.jsonl')),
      /EISDIR/,
    ],
    [
      'its books are a link',
      (bench: Bench) => symlinkSync('/dev/zero', join(bench.switchOn().record.directory, 'ledger.jsonl')),
      /ELOOP/,
    ],
    [
      'its books are larger than any of ours',
      (bench: Bench) => {
        const path = join(bench.switchOn().record.directory, 'ledger.jsonl');
        writeFileSync(path, '');
        truncateSync(path, MAX_LEDGER_BYTES + 1);
      },
      /EFBIG/,
    ],
  ])('that cannot be had because %s says so', async (_, prepare, message) => {
    const bench = new Bench();
    prepare(bench);
    expect(await bench.start()).toEqual({ kind: 'failed', message: expect.stringMatching(message) });
  });

  test.each([
    ['ends before it answers', 'process.exit(1)', 'it ended before it answered'],
    ['answers nonsense', 'require("fs").writeSync(3, "nonsense")', 'it ended before it answered'],
  ])('whose program %s has failed', async (_, code, message) => {
    const bench = new Bench().switchOn();
    const script = join(bench.directory, 'script.cjs');
    writeFileSync(script, code);
    expect(await startHeartbeat(bench.record, { script, env: process.env })).toEqual({ kind: 'failed', message });
  });
});

describe('ending a heartbeat', () => {
  test('calls off what is in flight, and leaves books that say so', async () => {
    const bench = new Bench().switchOn();
    await bench.start({ HEARTBEAT_HANGS: 'yes' });
    const identity = await bench.holder();
    await until(() => bench.done().includes('sent'), 'a request');
    expect(await endHeartbeat(bench.record)).toBe('ended');
    expect((await probe(identity)).state).toBe('dead');
    expect(bench.done()).toEqual(['sent', 'aborted']);
    expect(bench.record.readLedger().filter(({ kind }) => kind === 'beat')).toMatchObject([{ stale: true }]);
    expect(bench.record.readState()?.power.kind).toBe('on');
    expect(await endHeartbeat(bench.record)).toBe('none');
  });

  test('also ends one that is stopped', async () => {
    const bench = new Bench().switchOn();
    await bench.start();
    const identity = await bench.holder();
    process.kill(identity.pid, 'SIGSTOP');
    expect(await endHeartbeat(bench.record)).toBe('ended');
  });

  test('leaves a process alone that has taken the pid of one that is gone', async () => {
    const bench = new Bench().switchOn();
    const other = await bystander();
    bench.claimFor({ ...other, startTime: '1' });
    expect(await endHeartbeat(bench.record)).toBe('none');
    expect((await probe(other)).state).toBe('alive');
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
  });

  test('leaves a process alone that cannot be proven to be the one', async () => {
    const bench = new Bench().switchOn();
    const other = await bystander();
    bench.claimFor({ pid: other.pid });
    expect(await endHeartbeat(bench.record)).toBe('unknown');
    expect((await probe(other)).state).toBe('alive');
  });

  test('leaves a wait alone that warms beside its waiting', async () => {
    const bench = new Bench().switchOn();
    const hold = await bench.record.claim.take('wait', Date.now() + HOUR);
    expect(await endHeartbeat(bench.record)).toBe('wait');
    expect(await bench.start()).toEqual({ kind: 'taken' });
    if ('release' in hold) hold.release();
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
  });
});

describe('a claim', () => {
  test('of a zombie is no claim', async () => {
    const bench = new Bench().switchOn();
    bench.claimFor(await zombie());
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
  });

  test('of an earlier boot is no claim', async () => {
    const bench = new Bench().switchOn();
    bench.claimFor({ ...(await bystander()), bootId: '11111111-2222-3333-4444-555555555555' });
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
  });

  test('of another pid namespace is believed, until its time is over', async () => {
    const bench = new Bench().switchOn();
    const elsewhere = { ...(await bystander()), pidNamespace: '1' };
    bench.claimFor(elsewhere);
    expect(await bench.start()).toEqual({ kind: 'failed', message: expect.stringContaining('cannot be told') });
    expect(await endHeartbeat(bench.record)).toBe('unknown');
    bench.claimFor(elsewhere, Date.now() - 1);
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
  });

  test('behind which no other can come is no proof that anybody beats', async () => {
    const bench = new Bench().switchOn();
    writeFileSync(join(bench.record.directory, 'heartbeat.999999999999.json'), '');
    expect(await bench.start()).toEqual({ kind: 'failed', message: expect.stringContaining('cannot be told') });
  });

  test.each(['', '{', '[]', '{"kind":"held"}', '{"kind":"held","token":1}'])(
    'that reads %j is no claim',
    async (text) => {
      const bench = new Bench().switchOn();
      writeFileSync(join(bench.record.directory, 'heartbeat.3.json'), text);
      expect(await bench.start()).toMatchObject({ kind: 'ready' });
    },
  );
});

describe('a heartbeat that is killed', () => {
  test.each([
    ['looking', []],
    ['in-flight', ['sending']],
    ['answered', ['sending']],
  ])('while %s leaves true books, and the next one takes over', async (where, kinds) => {
    const bench = new Bench().switchOn();
    await bench.start({ HEARTBEAT_DIES: where });
    await until(async () => (await bench.record.claim.holder()).kind === 'nobody', 'its end');
    expect(bench.kinds()).toEqual(kinds);
    expect(bench.record.readState()?.power.kind).toBe('on');
    const answers = await Promise.all([1, 2, 3].map(() => adoptHeartbeat(bench.record, bench.how())));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['ready', 'taken', 'taken']);
    // The claim on its credential was the dead one's.
    await until(() => bench.kinds().includes('beat'), 'a beat');
    expect(bench.kinds().slice(0, kinds.length + 2)).toEqual([...kinds, 'sending', 'beat']);
  });

  test('is not replaced where nothing is to be done any more', async () => {
    const bench = new Bench().switchOn();
    await bench.start();
    const identity = await bench.holder();
    bench.record.change(off(Date.now(), 'not_enabled'));
    await endHeartbeat(bench.record);
    await gone(identity);
    expect(await adoptHeartbeat(bench.record, bench.how())).toEqual({ kind: 'idle' });
    bench.switchOn(-1);
    expect(await adoptHeartbeat(bench.record, bench.how())).toEqual({ kind: 'idle' });
  });
});

test.each<[string, Partial<WarmSettings>]>([
  ['with an interval that makes a request due', { intervalMs: SECOND }],
  ['with a revival', { ttl: { ms: 60 * SECOND, source: 'flag' }, revive: true }],
])('one whose conversation is switched on anew %s leaves that to the next one', async (_, settings) => {
  const bench = new Bench();
  const on100SecondsAfterUse = (more: Partial<WarmSettings>): void => {
    const at = Date.now();
    const all = { ...SETTINGS, intervalMs: 200 * SECOND, ...more };
    bench.record.change(on({ key: KEY, at, until: at + HOUR, settings: all, anchor: at - 100 * SECOND }));
  };
  on100SecondsAfterUse({});
  await bench.start();
  const identity = await bench.holder();
  on100SecondsAfterUse(settings);
  await gone(identity);
  expect([bench.done(), bench.kinds()]).toEqual([[], []]);
  expect(bench.record.readState()?.power.kind).toBe('on');
  await bench.start();
  await until(() => bench.kinds().includes('beat'), 'a beat');
});

test('a refresh loses neither the new state nor a beat, twenty times out of twenty', async () => {
  const bench = new Bench().switchOn();
  await bench.start({ HEARTBEAT_TAKES: '300' });
  for (let round = 1; round <= 20; round += 1) {
    const before = await bench.holder();
    bench.switchOn(HOUR, { maxWarms: 1000 + round });
    expect(await endHeartbeat(bench.record)).toMatch(/^(ended|none)$/);
    expect(await bench.start({ HEARTBEAT_TAKES: '300' })).toMatchObject({ kind: 'ready' });
    expect((await bench.holder()).pid).not.toBe(before.pid);
    expect(bench.record.readState()).toMatchObject({ power: { kind: 'on' }, settings: { maxWarms: 1000 + round } });
  }
  bench.record.change(off(Date.now(), 'not_enabled'));
  await endHeartbeat(bench.record);
  const sent = bench.done().filter((what) => what === 'sent').length;
  const beats = bench.record.readLedger().filter(({ kind }) => kind === 'beat');
  expect(beats).toHaveLength(sent);
});
