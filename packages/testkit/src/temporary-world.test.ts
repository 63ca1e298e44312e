import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryWorld } from './temporary-world.ts';
import { until } from './until.ts';
import { sessionDirectory, type World } from './world.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

describe('a temporary world', () => {
  it('has an empty project at a real path and an environment with nothing of the caller', () => {
    const world = temporaryWorld();
    expect(realpathSync(world.project)).toBe(world.project);
    expect(readdirSync(world.project)).toEqual([]);
    const names = ['CSA_BRIEF', 'HOME', 'LANG', 'PATH', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'];
    expect(Object.keys(world.env).sort()).toEqual(names);
    expect(world.env['HOME']).toBe(world.home);
    expect(world.stateRoot).toBe(`${world.home}/.local/state/cli-sub-agent`);
    expect(existsSync(world.stateRoot)).toBe(false);
  });

  it('takes the name of its project', () => {
    expect(temporaryWorld({ projectName: 'a b/ü' }).project).toMatch(/\/a b\/ü$/);
  });

  it('keeps a session below the path of its project', () => {
    const world = temporaryWorld();
    expect(sessionDirectory(world, ID)).toBe(`${world.stateRoot}${world.project}/sessions/${ID}`);
  });
});

describe('the end of a test', () => {
  let world: World;
  let ended: Promise<unknown>;

  it('is reached with a session still running', async () => {
    world = temporaryWorld();
    mkdirSync(sessionDirectory(world, ID), { recursive: true });
    const env = { ...world.env, CSA_SESSION_ID: ID };
    const child = spawn('sh', ['-c', 'echo up > up; sleep 600'], { cwd: world.project, env, stdio: 'ignore' });
    ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    await until(() => existsSync(join(world.project, 'up')), 'the session to run');
  });

  it('ends the sessions of its world and removes it', async () => {
    expect(await ended).toBe('SIGKILL');
    expect(existsSync(world.home)).toBe(false);
    expect(existsSync(world.project)).toBe(false);
  });
});
