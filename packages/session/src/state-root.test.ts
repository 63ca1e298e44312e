import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { answerOf, withoutOverride } from './sessions.test.fixture.ts';
import { projectAt, projectConfigPath, sessionsDirectory, stateRoots, userConfigPath } from './state-root.ts';

const HOME = '/home/dev';
const USUAL = '/home/dev/.local/state';

describe('on Linux the state root follows XDG_STATE_HOME', () => {
  test.each([
    ['unset', { HOME }, USUAL, true],
    ['empty', { HOME, XDG_STATE_HOME: '' }, USUAL, true],
    ['relative, which does not count', { HOME, XDG_STATE_HOME: 'state' }, USUAL, true],
    ['absolute', { HOME, XDG_STATE_HOME: '/srv/state' }, '/srv/state', false],
    ['absolute and the usual place', { HOME, XDG_STATE_HOME: USUAL }, USUAL, true],
    ['the usual place written otherwise', { HOME, XDG_STATE_HOME: `${USUAL}//` }, USUAL, true],
    ['absolute with a home that is not', { HOME: 'home', XDG_STATE_HOME: '/srv/state' }, '/srv/state', false],
  ])('%s', (_what, env, parent, isDefault) => {
    const roots = { primary: `${parent}/cli-sub-agent`, legacy: `${parent}/csa`, isDefault };
    expect(stateRoots(env, 'linux')).toEqual(roots);
  });
});

test('on macOS everything lies in Application Support, and XDG variables count for nothing', () => {
  const env = { HOME: '/Users/dev', XDG_STATE_HOME: '/srv/state', XDG_CONFIG_HOME: '/srv/config' };
  const support = '/Users/dev/Library/Application Support';
  const roots = { primary: `${support}/cli-sub-agent`, legacy: `${support}/csa`, isDefault: true };
  expect(stateRoots(env, 'darwin')).toEqual(roots);
  expect(userConfigPath(env, 'darwin')).toBe(`${support}/cli-sub-agent/config.toml`);
});

test.each([
  ['unset', { HOME }, '/home/dev/.config/cli-sub-agent/config.toml'],
  ['empty', { HOME, XDG_CONFIG_HOME: '' }, '/home/dev/.config/cli-sub-agent/config.toml'],
  ['relative', { HOME, XDG_CONFIG_HOME: 'c' }, '/home/dev/.config/cli-sub-agent/config.toml'],
  ['absolute', { HOME, XDG_CONFIG_HOME: '/c' }, '/c/cli-sub-agent/config.toml'],
  ['absolute with a home that is not', { HOME: '.', XDG_CONFIG_HOME: '/c' }, '/c/cli-sub-agent/config.toml'],
])("the user's config follows XDG_CONFIG_HOME: %s", (_what, env, path) => {
  expect(userConfigPath(env, 'linux')).toBe(path);
});

test("a project's config and sessions lie under its own path", () => {
  expect(projectConfigPath('/home/dev/api')).toBe('/home/dev/api/.csa/config.toml');
  expect(sessionsDirectory('/state', '/home/dev/api')).toBe('/state/home/dev/api/sessions');
  expect(sessionsDirectory('/state', '/')).toBe('/state/sessions');
});

test.each(['linux', 'darwin'] as const)('a relative home is refused on %s', (platform) => {
  expect(() => stateRoots({ HOME: 'dev' }, platform)).toThrow(expect.objectContaining({ reason: 'no-home' }));
  expect(() => userConfigPath({ HOME: 'dev' }, platform)).toThrow('got "dev"');
});

test('without HOME the home directory of the account counts', () => {
  expect(stateRoots({}, 'linux').primary).toBe(`${homedir()}/.local/state/cli-sub-agent`);
});

test('an account without any home directory is refused, not a crash', async () => {
  const module = `
    import { stateRoots } from 'SRC/state-root.ts';
    let answer;
    try { answer = stateRoots({}, 'linux').isDefault ? 'a home' : ''; } catch (error) { answer = error.reason ?? error.message; }
    console.log(JSON.stringify(answer));`;
  const isRoot = withoutOverride().length > 0;
  const through = isRoot ? ['setpriv', '--reuid=54321', '--clear-groups'] : [];
  const answer = await answerOf(module, { through, env: { PATH: process.env['PATH'] } });
  expect(answer).toBe(isRoot ? 'no-home' : 'a home');
});

const ROOTS = { primary: '/s/cli-sub-agent', legacy: '/s/csa', isDefault: true };

test.each([
  ['/s/cli-sub-agent/home/dev/api/sessions/ID', '/home/dev/api'],
  ['/s/csa/home/dev/api/sessions/ID', '/home/dev/api'],
  ['/s/cli-sub-agent/sessions/ID', '/'],
  ['/s/cli-sub-agent/a/sessions/b/sessions/ID', '/a/sessions/b'],
  ['/s/cli-sub-agent/home/dev/ID', undefined],
  ['/elsewhere/sessions/ID', undefined],
])('the project of %s is %s', (directory, project) => {
  expect(projectAt(directory, ROOTS)).toBe(project);
});
