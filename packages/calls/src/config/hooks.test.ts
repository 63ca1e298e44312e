import { expect, it } from 'vitest';
import { configured } from './configs.test.fixture.ts';
import { configuredHooks } from './hooks.ts';

it.each([
  [undefined, []],
  ['', []],
  ['[hooks]\nauto_setup_review_gate = true\n', []],
  ['[hooks]\nsession_finished = "notify-send done"\n', ['notify-send done']],
  ['[hooks]\nsession_finished = ["a", "b"]\n', ['a', 'b']],
])('the user’s %j says what is to run', (user, commands) => {
  expect(configuredHooks(configured({ user }))).toEqual({ commands, warnings: [] });
});

it.each([
  ['[hooks]\nsession_finished = 5\n', 'must be a command'],
  ['[hooks]\nsession_finishd = "x"\n', 'did you mean hooks.session_finished?'],
  ['[hooks', 'cannot be used'],
  ['[hooks]\nsession_finished = ""\n', 'must be a command'],
  ['[hooks]\nsession_finished = ["true", " "]\n', 'must be a command'],
  ['[hooks]\nsession_finished = "a\\u0000b"\n', 'must be a command'],
  ['[hooks]\nsession_finished = ["true", ["a"]]\n', 'must be a command'],
  ['[hooks]\nsession_finished = { command = "x" }\n', 'must be a command'],
  [`[hooks]\nsession_finished = ${JSON.stringify(Array.from({ length: 17 }, () => 'true'))}\n`, 'must be a command'],
])('%j runs nothing, with a warning', (user, words) => {
  const { commands, warnings } = configuredHooks(configured({ user }));
  expect(commands).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining(words)]);
});

it('a project has no say, and a warning says so', () => {
  const hook = (command: string): string => `[hooks]\nsession_finished = "${command}"\n`;
  const { commands, warnings } = configuredHooks(configured({ project: hook('evil'), user: hook('good') }));
  expect(commands).toEqual(['good']);
  expect(warnings).toEqual([expect.stringContaining('hooks.session_finished')]);
});

it('without a home nothing runs', () => {
  expect(configuredHooks({ env: { HOME: 'relative' } })).toMatchObject({
    commands: [],
    warnings: [expect.any(String)],
  });
});
