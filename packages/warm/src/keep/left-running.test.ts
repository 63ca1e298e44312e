import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, probe } from '@csa/liveness';
import { Register } from '@csa/session/files';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDriver } from '../drivers/make-driver.ts';
import type { Flight } from '../store/flight.ts';
import { credentialHash } from '../store/key-directory.ts';
import { on } from '../store/transitions.ts';
import type { WarmClaimRecord } from '../store/warm-claim.ts';
import { WarmStore } from '../store/warm-store.ts';
import { HOUR, KEY, SECOND, SETTINGS } from './keeping.test.fixture.ts';
import { endHeartbeat, startHeartbeat } from './start-heartbeat.ts';

const SCRIPT = join(import.meta.dirname, 'heartbeat.test.fixture.ts');
const SLEEPS = 'exec sleep 600';
const IGNORES_TERM = 'trap "" TERM; while :; do sleep 0.05; done';

/** A conversation whose driver is a program that does not end by itself. */
class Bench {
  readonly #directory = temporaryDirectory();
  readonly #pids = join(this.#directory, 'pids');
  readonly #driver: { readonly name: 'command'; readonly argv: readonly string[]; readonly timeoutMs: number };
  readonly store: WarmStore = new WarmStore(join(this.#directory, 'state'));
  readonly record = this.store.record(KEY);

  constructor(body: string) {
    const script = `echo $$ >>'${this.#pids}'; ${body}`;
    this.#driver = { name: 'command', argv: ['sh', '-c', script], timeoutMs: HOUR };
    const at = Date.now();
    const settings = { ...SETTINGS, intervalMs: SECOND, driver: this.#driver };
    this.record.change(on({ key: KEY, at, until: at + HOUR, settings, anchor: at }));
    onTestFinished(async () => {
      await endHeartbeat(this.record);
      for (const pid of this.pids()) killQuietly(pid);
    });
  }

  start() {
    return startHeartbeat(this.record, { script: SCRIPT, env: { ...process.env, HEARTBEAT_DRIVER: 'chosen' } });
  }

  /** Of the driver's programs, in the order of their starts. */
  pids(): number[] {
    if (!existsSync(this.#pids)) return [];
    return readFileSync(this.#pids, 'utf8').trim().split('\n').map(Number);
  }

  get #credential(): string {
    return makeDriver(this.#driver, {}).credential;
  }

  get flight(): Flight {
    return this.store.flight(this.#credential);
  }

  get claimed(): Register<WarmClaimRecord> {
    const name = credentialHash(this.#credential);
    return new Register({ directory: `${this.store.directory}/in-flight`, name, parse: (it) => it as WarmClaimRecord });
  }

  /** A heartbeat was killed while its driver's program ran, which runs on. */
  async leave(): Promise<ProcessIdentity> {
    await this.start();
    const pid = await until(() => this.pids()[0], 'a request');
    await until(() => noted(this.claimed) === pid, 'its name in the claim');
    const holder = await this.record.claim.holder();
    if (holder.kind !== 'alive') throw new Error(`the claim is held by ${holder.kind}`);
    process.kill(holder.identity.pid, 'SIGKILL');
    await until(async () => (await probe(holder.identity)).state === 'dead', 'its end');
    const program = await identify(pid);
    if (program === undefined) throw new Error('the program has ended with its heartbeat');
    return program;
  }

  /** As if nobody could tell the program from another one that has its pid. */
  unprove({ pid }: ProcessIdentity): void {
    const { number, reading } = this.claimed.read();
    if (reading.kind !== 'present') throw new Error('nothing is claimed');
    this.claimed.tryWrite(number, { ...reading.value, program: { pid } } as WarmClaimRecord);
  }
}

function noted(register: Register<WarmClaimRecord>): number | undefined {
  const { reading } = register.read();
  return reading.kind === 'present' && reading.value.kind === 'held' ? reading.value.program?.pid : undefined;
}

function killQuietly(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const stateOf = async (identity: ProcessIdentity) => (await probe(identity)).state;

describe.each([
  ['sleeps', SLEEPS],
  ['ignores TERM', IGNORES_TERM],
])('a program that %s and that a killed heartbeat has left running', (_, body) => {
  test('is ended before the next heartbeat sends anything', async () => {
    const bench = new Bench(body);
    const left = await bench.leave();
    expect(await stateOf(left)).toBe('alive');
    expect(await bench.start()).toMatchObject({ kind: 'ready' });
    await until(() => bench.pids().length === 2, 'the next request');
    expect(await stateOf(left)).toBe('dead');
  });

  test('is ended by whoever ends the heartbeat', async () => {
    const bench = new Bench(body);
    const left = await bench.leave();
    expect(await endHeartbeat(bench.record)).toBe('none');
    expect(await stateOf(left)).toBe('dead');
  });
});

describe('a program that cannot be proven to be the one that was left running', () => {
  test('is not signalled, and nothing is sent beside it until its time is over', async () => {
    const bench = new Bench(SLEEPS);
    const left = await bench.leave();
    bench.unprove(left);
    await endHeartbeat(bench.record);
    expect(await stateOf(left)).toBe('alive');
    const { reading, number } = bench.claimed.read();
    if (reading.kind !== 'present' || reading.value.kind !== 'held') throw new Error('nothing is claimed');
    expect(await bench.flight.take('wait', Date.now() + HOUR)).toMatchObject({ kind: 'unknown' });
    bench.claimed.tryWrite(number, { ...reading.value, until: Date.now() - 1 });
    expect(await bench.flight.take('wait', Date.now() + HOUR)).toHaveProperty('release');
    expect(await stateOf(left)).toBe('alive');
  });
});
