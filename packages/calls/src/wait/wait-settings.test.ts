import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { projectConfigPath, userConfigPath } from '@csa/session';
import { refusalOf, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type WaitFlags, waitSettings } from './wait-settings.ts';

const NONE: WaitFlags = { 'until-done': false, 'trust-result': false };

function settings(flags: Partial<WaitFlags> = {}, env: NodeJS.ProcessEnv = {}, world: World = temporaryWorld()) {
  return waitSettings({ ...NONE, ...flags }, { ...world.env, ...env }, world.project);
}

/** A world whose project and user have these configs. */
function configured(project: string, user: string): World {
  const world = temporaryWorld();
  const files = { [projectConfigPath(world.project)]: project, [userConfigPath(world.env)]: user };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return world;
}

it('waits 240 s and leaves with 0 when nobody says anything', () => {
  expect(settings()).toEqual({
    cap: { capMs: 240_000, source: 'default' },
    aliveExitCode: 0,
    trustResult: false,
    caller: { isAgent: false, yieldsEarly: false, needsOutput: false, isCi: false },
    repeatFlags: [],
    warnings: [],
  });
});

describe('the config of the project comes before that of the user', () => {
  const cap = (seconds: number): string => `[kv_cache]\nlong_poll_seconds = ${seconds}\n`;

  it('for the cap, whose source is told', () => {
    expect(settings({}, {}, configured(cap(11), cap(22))).cap).toEqual({ capMs: 11_000, source: 'project-config' });
    expect(settings({}, {}, configured('', cap(22))).cap).toEqual({ capMs: 22_000, source: 'user-config' });
    expect(settings({}, { CSA_WAIT_CAP: '33' }, configured(cap(11), cap(22))).cap.source).toBe('env');
  });

  it('for the code of an alive ending, below flag and variable', () => {
    const world = configured('[wait]\nalive_exit_code = 75\n', '[wait]\nalive_exit_code = 76\n');
    expect(settings({}, {}, world).aliveExitCode).toBe(75);
    expect(settings({}, { CSA_ALIVE_EXIT_CODE: '9' }, world).aliveExitCode).toBe(9);
    expect(settings({ 'alive-exit-code': '8' }, { CSA_ALIVE_EXIT_CODE: '9' }, world).aliveExitCode).toBe(8);
  });

  it('and what is wrong in either is a warning, not a failure', () => {
    const { cap, warnings } = settings({}, {}, configured('broken', '[kv_cache]\nlong_poll_seconds = 0\n'));
    expect(cap).toEqual({ capMs: 240_000, source: 'default' });
    expect(warnings).toHaveLength(2);
  });

  it('and a provider is looked for in both', () => {
    const ttls = '[kv_cache.provider_ttls]\nx = 7\n';
    expect(settings({ 'model-provider': 'x' }, {}, configured(ttls, ttls)).cap.capMs).toBe(7_000);
  });
});

it.each([
  [{ CSA_WAIT_CAP: 'soon' }, 'bad-duration'],
  [{ CSA_WAIT_CAP: '8d' }, 'out-of-range'],
  [{ CSA_ALIVE_EXIT_CODE: '124' }, 'bad-exit-code'],
])('refuses the environment %o', (env, reason) => {
  expect(refusalOf(() => settings({}, env)).reason).toBe(reason);
});

describe('of --cap, --timeout and --until-done', () => {
  it('one may be given', () => {
    expect(settings({ cap: '5' }).cap).toEqual({ capMs: 5_000, source: 'flag' });
    expect(settings({ timeout: '5' }).cap).toEqual({ capMs: 5_000, source: 'flag' });
    expect(settings({ 'until-done': true }).cap).toEqual({ capMs: undefined, source: 'until-done' });
  });

  it.each([
    { cap: '5', timeout: '5' },
    { cap: '5', 'until-done': true },
    { timeout: '5', 'until-done': true },
    { cap: '', timeout: '', 'until-done': true },
  ])('several are refused: %o', (flags) => {
    expect(refusalOf(() => settings(flags)).reason).toBe('usage');
  });
});

it.each([
  [undefined, {}, undefined],
  [undefined, { GEMINI_CLI: '1' }, 60_000],
  ['5s', { GEMINI_CLI: '1' }, 5_000],
  ['1d', {}, 86_400_000],
])('beats every %s under %o: %s ms', (heartbeat, env, ms) => {
  expect(settings({ heartbeat }, env).heartbeatMs).toBe(ms);
});

it.each(['0', '999ms', '25h'])('refuses a heartbeat of %s', (heartbeat) => {
  expect(refusalOf(() => settings({ heartbeat }))).toMatchObject({ reason: 'out-of-range' });
});

describe('the next wait repeats', () => {
  it.each<[Partial<WaitFlags>, readonly string[]]>([
    [{}, []],
    [{ cap: '5m' }, ['--cap', '5m']],
    [{ timeout: '30s' }, ['--cap', '30s']],
    [{ cap: '29s' }, []],
    [{ cap: '0' }, []],
    [{ 'until-done': true }, []],
    [{ 'alive-exit-code': '75', 'trust-result': true }, ['--alive-exit-code', '75', '--trust-result']],
    [{ heartbeat: '10s' }, ['--heartbeat', '10s']],
    [{ 'model-provider': 'x' }, ['--model-provider', 'x']],
    [{ 'keep-warm': 'auto' }, ['--keep-warm']],
    [{ 'keep-warm': 'command', cap: '5m' }, ['--cap', '5m', '--keep-warm=command']],
  ])('%o', (flags, words) => {
    expect(settings(flags).repeatFlags).toEqual(words);
  });

  it('neither a cap nor the warming once that pays no more', () => {
    const flags = { cap: '5m', 'alive-exit-code': '75', 'keep-warm': 'auto' };
    expect(settings(flags).backgroundFlags).toEqual(['--alive-exit-code', '75']);
    expect(settings({ cap: '5m' }).backgroundFlags).toBeUndefined();
  });

  it('nothing that was not typed', () => {
    const env = { CSA_WAIT_CAP: '60', CSA_ALIVE_EXIT_CODE: '75', GEMINI_CLI: '1' };
    expect(settings({}, env).repeatFlags).toEqual([]);
  });
});
