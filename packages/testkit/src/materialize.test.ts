import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureNames, type MaterializedFixture, materialize } from './materialize.ts';
import { until } from './until.ts';

const isLinux = process.platform === 'linux';

function pidRecord(fixture: MaterializedFixture): string[] {
  return readFileSync(join(fixture.dir, 'daemon.pid'), 'utf8').trim().split(' ');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('knows twenty fixtures', () => {
  expect(fixtureNames()).toHaveLength(20);
  expect(fixtureNames()[0]).toBe('01-finished-success');
});

describe.runIf(isLinux)('a fixture', () => {
  it.each(fixtureNames())('%s comes to life with every placeholder filled and every file of its age', (name) => {
    const fixture = materialize(name);
    const age = Number(/age=(\d+)/.exec(fixture.expect)?.[1]);
    expect(statSync(fixture.dir).isDirectory()).toBe(true);
    for (const entry of readdirSync(fixture.dir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      expect(Math.abs(Date.now() - statSync(path).mtimeMs - age * 1000), path).toBeLessThan(30_000);
      if (entry.isFile()) expect(readFileSync(path, 'utf8'), path).not.toMatch(/__[A-Z_]+/);
    }
  });

  it('lies in a clean world of its own', () => {
    const fixture = materialize('07-alive-daemon');
    expect(fixture.dir).toBe(`${fixture.world.stateRoot}${fixture.cd}/sessions/${fixture.session}`);
    expect(fixture.env).toBe(fixture.world.env);
    expect(readFileSync(join(fixture.dir, 'state.toml'), 'utf8')).toContain(`project_path = "${fixture.cd}"`);
    expect(existsSync(join(fixture.world.home, '.config/cli-sub-agent/config.toml'))).toBe(true);
  });

  it('names a process that lives, with its start ticks', () => {
    const fixture = materialize('07-alive-daemon');
    const [pid, ticks] = pidRecord(fixture);
    expect(fixture.pids).toEqual([Number(pid)]);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')).toContain(ticks);
  });

  it('names a process whose command line holds the id', async () => {
    const fixture = materialize('15-legacy-pid-only-matching-cmdline');
    const [pid] = pidRecord(fixture);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain(`\0${fixture.session}\0`);
  });

  it('names a process that is dead', () => {
    const fixture = materialize('09-dead-no-result-recent');
    expect(fixture.pids).toEqual([]);
    expect(isRunning(Number(pidRecord(fixture)[0]))).toBe(false);
  });
});

describe.runIf(isLinux)('the sleepers of a fixture', () => {
  let pids: readonly number[] = [];

  it('run during its test', () => {
    pids = materialize('07-alive-daemon').pids;
    expect(pids.every(isRunning)).toBe(true);
  });

  it('are ended after it', async () => {
    expect(pids).toHaveLength(1);
    await until(() => !pids.some(isRunning), 'the sleepers to be gone');
  });
});
