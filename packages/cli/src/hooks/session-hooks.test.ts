import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { reasonOf } from '../refusals.test.fixture.ts';
import { configuredHooks } from './configured-hooks.ts';
import { sessionHooks } from './session-hooks.ts';

let home: string;
let project: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  home = temporaryDirectory();
  project = temporaryDirectory();
  env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
});

function write(directory: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'config.toml'), text);
}

const writeUser = (text: string): void => write(join(home, '.config/cli-sub-agent'), text);
const writeProject = (text: string): void => write(join(project, '.csa'), text);

describe("the user's config", () => {
  it.each([
    ['nothing', '', []],
    ['another table', '[wait]\nalive_exit_code = 75\n', []],
    ['an empty table', '[hooks]\n', []],
    ['a string', '[hooks]\nsession_finished = "notify"\n', ['notify']],
    ['an array', '[hooks]\nsession_finished = ["a", "b"]\n', ['a', 'b']],
    ['an empty array', '[hooks]\nsession_finished = []\n', []],
    ['a script of several lines', "[hooks]\nsession_finished = '''\na\nb'''\n", ['a\nb']],
  ])('with %s gives its commands', (_what, text, commands) => {
    writeUser(text);
    expect(configuredHooks(env, project)).toEqual({ commands, warnings: [] });
  });

  it.each([
    ['a number', '7'],
    ['an empty string', '""'],
    ['blanks', '["true", " "]'],
    ['a NUL character', '"a\\u0000b"'],
    ['numbers in an array', '["true", ["a"]]'],
    ['a table', '{ command = "x" }'],
    ['too many', JSON.stringify(Array.from({ length: 17 }, () => 'true'))],
  ])('with %s is a warning that names the key, and no command runs', (_what, value) => {
    writeUser(`[hooks]\nsession_finished = ${value}\n`);
    const { commands, warnings } = configuredHooks(env, project);
    expect([commands, warnings]).toEqual([
      [],
      [expect.stringMatching(/config\.toml: hooks\.session_finished must be/)],
    ]);
  });

  it('that is no TOML is a warning', () => {
    writeUser('[hooks\n');
    const { commands, warnings } = configuredHooks(env, project);
    expect([commands, warnings.length]).toEqual([[], 1]);
  });

  it('does not count inside of a hook', () => {
    writeUser('[hooks]\nsession_finished = "a"\n');
    expect(configuredHooks({ ...env, CSA_HOOK: 'session_finished' }, project)).toEqual({ commands: [], warnings: [] });
    expect(configuredHooks({ ...env, CSA_HOOK: '' }, project).commands).toEqual(['a']);
  });
});

describe("a project's config", () => {
  it.each(['[hooks]\nsession_finished = "evil"\n', 'hooks = 1\n', '[hooks]\n'])('%j only warns', (text) => {
    writeProject(text);
    writeUser('[hooks]\nsession_finished = "mine"\n');
    const { commands, warnings } = configuredHooks(env, project);
    expect([commands, warnings]).toEqual([['mine'], [expect.stringContaining("counts only in the user's own config")]]);
  });

  it('without hooks, or one that is no TOML, says nothing of hooks', () => {
    writeProject('[wait]\n');
    expect(configuredHooks(env, project).warnings).toEqual([]);
    writeProject('[[[');
    expect(configuredHooks(env, project).warnings).toEqual([]);
  });
});

it("a session's own hooks come first, and warnings are lines of csa's", () => {
  writeUser('[hooks]\nsession_finished = ["c"]\n');
  writeProject('[hooks]\nx = "\\u001b[31m"\n');
  const { commands, warnings } = sessionHooks(['a', 'b'], env, project);
  expect(commands).toEqual(['a', 'b', 'c']);
  expect(warnings).toEqual([expect.stringMatching(/^csa: .*\[hooks\] counts only/)]);
  expect(reasonOf(() => sessionHooks([''], env, project))).toBe('bad-hook');
});
