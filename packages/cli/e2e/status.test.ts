import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  builtCsa,
  materialize,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { waitFor } from './answer.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, run } from './program.ts';

interface Status {
  readonly state: string;
  readonly resources: {
    readonly processes: number;
    readonly resident_bytes: number;
    readonly largest: ReadonlyArray<{ readonly pid: number; readonly name: string }>;
  } | null;
  readonly record: ReadonlyArray<{ readonly file: string; readonly state: string; readonly detail: string | null }>;
  readonly [key: string]: unknown;
}

async function statusOf(world: World, ...args: string[]): Promise<Status> {
  const { code, stdout, stderr } = await runCsa(['session', 'status', ...args, '--json'], { world });
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout);
  expect(faultsOf('session-status', document)).toEqual([]);
  return document;
}

async function wordsOf(world: World, id: string): Promise<string> {
  const { code, stdout, stderr } = await runCsa(['session', 'status', id], { world });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

/** Permissions bite in what runs after these words, also for root. */
const WITHOUT_OVERRIDE: readonly [string, ...string[]] =
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search']
    : ['env'];

function fileOf({ record }: Status, file: string): string | undefined {
  return record.find((entry) => entry.file === file)?.state;
}

describe('the status of a session that is alive', () => {
  it('measures its processes, the ones that left its group too', async () => {
    const world = temporaryWorld();
    const script = 'setsid sleep 300 & until [ -e go ]; do sleep 0.05; done';
    const id = await startJob(['sh', '-c', script], { world });
    const pid = await commandPid(world, id);
    const status = await until(async () => {
      const now = await statusOf(world, id);
      return now.resources !== null && now.resources.processes >= 2 && now;
    }, 'two processes');
    const { resources } = status;
    expect(resources?.resident_bytes).toBeGreaterThan(0);
    expect(resources?.largest.map((one) => one.pid)).toContain(pid);
    expect(await wordsOf(world, id)).toMatch(/^processes +\d+, \d+\.\d s CPU, \d+\.\d [KM]iB resident$/m);
    openGate(world);
  });

  it('shows its record as it is so far', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    await commandPid(world, id);
    const status = await statusOf(world, id);
    const here = ['state.toml', 'metadata.toml', 'daemon.pid', 'lifeline', 'command.pid', 'stdout.log', 'stderr.log'];
    expect(here.map((file) => [file, fileOf(status, file)])).toEqual(here.map((file) => [file, 'present']));
    expect([fileOf(status, 'result.toml'), fileOf(status, 'daemon-completion.toml')]).toEqual(['absent', 'absent']);
    expect(await wordsOf(world, id)).toMatch(/^ +lifeline .* held by the supervisor$/m);
    expect(status).toMatchObject({ project: world.project, stop_request: null, completed_at: null, stalled: false });
    openGate(world);
  });
});

describe('the status of a session that has ended', () => {
  it('says who stopped it and why, and measures nothing', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    expect((await runCsa(['session', 'stop', id], { world })).code).toBe(0);
    const status = await statusOf(world, id);
    expect(status).toMatchObject({
      state: 'finished',
      resources: null,
      stop_request: { signal: 'SIGTERM', by: expect.any(String), at: expect.stringMatching(/^\d{4}-/) },
      completed_at: expect.stringMatching(/^\d{4}-/),
    });
    expect(fileOf(status, 'stop-request.toml')).toBe('present');
    expect(await wordsOf(world, id)).toMatch(/^stop asked +by .*, SIGTERM, /m);
  });

  it('names what survived a killed supervisor, and measures that', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const pid = await commandPid(world, id);
    process.kill(supervisorPid(world, id), 'SIGKILL');
    const status = await statusOf(world, id);
    expect(status).toMatchObject({ state: 'dead', survivor: pid, resources: { processes: expect.any(Number) } });
    openGate(world);
  });

  it('tells the warnings of its result', async () => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', 'echo torn > "$CSA_RESULT_FILE"'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    const { warnings } = await statusOf(world, id);
    expect(warnings).toEqual([expect.any(String)]);
    expect(await wordsOf(world, id)).toMatch(/^warning +\S/m);
    expect(fileOf(await statusOf(world, id), 'output/result.toml')).toBe('unreadable');
  });

  it('of a wrapper is that of the session that it stands for', async () => {
    const { world, session: id } = materialize('17-resume-alias');
    const status = await statusOf(world, id);
    expect(status).toMatchObject({ id, resolved: expect.any(String), resume_target: status['resolved'] });
  });
});

describe('the status of a damaged session', () => {
  it('tells of every file why it cannot be read', async () => {
    const world = temporaryWorld();
    const id = await startJob(['true'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    const at = (name: string): string => join(sessionDirectory(world, id), name);
    await until(() => !isRunning(supervisorPid(world, id)), 'the end of the supervisor, who writes state.toml last');
    for (const name of ['state.toml', 'metadata.toml', 'stdout.log', 'result.toml']) rmSync(at(name));
    writeFileSync(at('state.toml'), 'meta_session_id = "\u001b[31m');
    mkdirSync(at('metadata.toml'));
    symlinkSync('/dev/zero', at('stdout.log'));
    writeFileSync(at('result.toml'), '');
    utimesSync(at('result.toml'), 2 ** 33, 2 ** 33);
    const status = await statusOf(world, id);
    const broken = ['state.toml', 'metadata.toml', 'stdout.log', 'result.toml'];
    expect(broken.map((file) => fileOf(status, file))).toEqual(broken.map(() => 'unreadable'));
    expect(await wordsOf(world, id)).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('cannot look into a directory that is closed, and says so', async () => {
    const world = temporaryWorld();
    const id = await startJob(['true'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    chmodSync(sessionDirectory(world, id), 0o000);
    const { stdout } = await run([...WITHOUT_OVERRIDE, testNode(), builtCsa, 'session', 'status', id, '--json'], {
      world,
    });
    const status: Status = JSON.parse(stdout);
    expect(faultsOf('session-status', status)).toEqual([]);
    expect([status.state, fileOf(status, 'result.toml')]).toEqual(['unknown', 'error']);
  });
});
