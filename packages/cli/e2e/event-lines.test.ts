import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { csa, runCsa, temporaryWorld, until, type World } from '@csa/testkit';
import { openWarmStore } from '@csa/warm';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { converse } from './conversation.ts';
import { driverProgram, warm, warmJson } from './heartbeat.ts';
import { conversation } from './held-cache.ts';
import { openGate, startGated, supervisorPid } from './job.ts';
import { isRunning } from './program.ts';
import { briskWorld, placesOf, untilQuiet } from './refreshers.ts';

const PATIENCE_MS = 30_000;
const OFTEN = ['--caller', 'me', '--interval', '1s'];

interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

let world: World;

beforeEach(() => {
  world = temporaryWorld();
  onTestFinished(endHeartbeats);
});

async function endHeartbeats(): Promise<void> {
  for (const record of openWarmStore(world.env).list()) {
    const holder = await record.claim.holder();
    if (holder.kind === 'alive') process.kill(holder.identity.pid, 'SIGKILL');
  }
}

/** All lines of a file, each of which is by its schema. */
function linesIn(path: string, schema: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((text) => {
    const line = JSON.parse(text);
    expect([text, faultsOf(schema, line)]).toEqual([text, []]);
    return line;
  });
}

function warmLines(): Line[] {
  return linesIn(join(world.stateRoot, '.warm/events.jsonl'), 'warm-event');
}

function briefLines(): Line[] {
  return linesIn(join(placesOf(world).workshop, 'events.jsonl'), 'brief-event');
}

function told(): string[] {
  return warmLines().map(({ event }) => event);
}

describe('what warming leaves for programs is by its schema:', () => {
  it('requests of a heartbeat that read the cache, and its end with the session', async () => {
    const id = await startGated(world);
    const { heartbeat_pid } = await warmJson(world, ['on', ...OFTEN, '--', ...driverProgram(world)]);
    await until(() => told().filter((event) => event === 'warm_success').length >= 2, 'two requests', PATIENCE_MS);
    openGate(world);
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end', PATIENCE_MS);
    const lines = warmLines();
    expect(lines[0]).toMatchObject({ event: 'warm_started', session: id, caller: 'me', trigger: 'heartbeat' });
    expect(lines[1]).toMatchObject({ event: 'warm_success', driver: 'command', usage: { read: 99_000, output: 1 } });
    expect(lines.at(-1)).toMatchObject({ event: 'warm_stopped', reason: 'session_ended' });
  });

  it.each([
    ['rate_limit_error', ['warm_started', 'warm_failed', 'warm_skipped'], 'backoff'],
    ['authentication_error', ['warm_started', 'warm_failed', 'warm_stopped'], 'driver_unavailable'],
  ])('a request that a provider refuses, and what follows: %s', async (type, events, reason) => {
    await startGated(world);
    await warmJson(world, ['on', ...OFTEN, '--', ...driverProgram(world, { error: { type } })]);
    await until(() => told().length >= events.length, 'what follows', PATIENCE_MS);
    expect(told().slice(0, events.length)).toEqual(events);
    expect(warmLines()[1]).toMatchObject({ reason, usage: null });
    expect(warmLines()[2]).toMatchObject({ reason });
  });

  it('an answer that tells of no usage', async () => {
    await startGated(world);
    await warmJson(world, ['on', ...OFTEN, '--', ...driverProgram(world, 'nothing')]);
    await until(() => told().includes('warm_failed'), 'a request', PATIENCE_MS);
  });

  it('a cache that is taken to be cold', async () => {
    await startGated(world);
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400 });
    await warmJson(world, ['on', '--interval', '1s', '--', ...driverProgram(world)], env);
    await until(() => told().includes('warm_skipped'), 'a skip', PATIENCE_MS);
    await warm(world, ['off']);
    await until(() => told().includes('warm_stopped'), 'the end', PATIENCE_MS);
    expect(warmLines().map(({ event, reason }) => [event, reason])).toEqual([
      ['warm_skipped', 'predicted_cold'],
      ['warm_stopped', 'not_enabled'],
    ]);
  });

  it('requests of a wait', async () => {
    const { env } = await conversation(world);
    const id = await startGated(world);
    const waiting = csa(['session', 'wait', id, '--until-done', '--keep-warm=anthropic-replay'], { world, env });
    await until(() => told().includes('warm_success'), 'a request', PATIENCE_MS);
    openGate(world);
    expect((await waiting.ended).code).toBe(0);
    expect(new Set(warmLines().map(({ trigger, driver }) => `${trigger} ${driver}`))).toEqual(
      new Set(['wait anthropic-replay']),
    );
  });
});

it('lines that are lost keep nothing from being warmed', async () => {
  await startGated(world);
  await warmJson(world, ['on', ...OFTEN, '--', ...driverProgram(world)]);
  await until(() => told().includes('warm_success'), 'a request', PATIENCE_MS);
  rmSync(join(world.stateRoot, '.warm/events.jsonl'));
  await until(() => told().includes('warm_success'), 'another request', PATIENCE_MS);
});

describe('what a brief leaves for programs is by its schema:', () => {
  const refresh = () => runCsa(['session', 'brief', '--refresh'], { world });
  const says = (pattern: object) => until(() => briefLines().some((line) => matches(line, pattern)), 'a line');

  it('a refresh that is asked for, and one that finds nothing new', async () => {
    const id = await startGated(world);
    await refresh();
    expect(briefLines()).toMatchObject([
      { event: 'brief_write_started', trigger: 'forced', project: world.project },
      { event: 'brief_write_success', watermark: { records_count: 1, max_id: id } },
    ]);
    await until(async () => {
      await refresh();
      return briefLines().at(-1)?.event === 'brief_write_skipped';
    }, 'nothing new');
    expect(briefLines().at(-1)).toMatchObject({ reason: 'no_new_records' });
  });

  it('nothing to say, once all is collected', async () => {
    const { code } = await runCsa(['session', 'start', '--wait', '--', 'true'], { world });
    await refresh();
    expect([code, briefLines().at(-1)]).toMatchObject([0, { event: 'brief_write_skipped', reason: 'empty_render' }]);
  });

  it('a refresh that cannot write', async () => {
    await startGated(world);
    mkdirSync(placesOf(world).payload);
    await refresh();
    expect(briefLines().at(-1)).toMatchObject({
      event: 'brief_write_failed',
      error_type: 'EISDIR',
      severity: 'warning',
    });
  });

  it('those of supervisors', async () => {
    world = briskWorld();
    const id = await startGated(world, 'exit 3');
    await says({ event: 'brief_write_success', trigger: 'reactive' });
    const supervisor = supervisorPid(world, id);
    openGate(world);
    await untilQuiet(world, supervisor);
    expect(briefLines().at(-1)).toMatchObject({ event: 'brief_write_success', trigger: 'reactive' });
  });
});

function matches(line: Line, pattern: object): boolean {
  return Object.entries(pattern).every(([field, value]) => line[field] === value);
}
