import { Hints } from '@csa/calls';
import { Parser } from '@oclif/core';
import { expect, it } from 'vitest';
import SessionResult from './commands/session/result.ts';
import SessionStart from './commands/session/start.ts';
import SessionWait from './commands/session/wait.ts';
import type { FailedCommand } from './failed-command.ts';
import { usageTrouble } from './usage-trouble.ts';

const FAILED: FailedCommand = { words: ['session', 'wait'], json: false, hints: new Hints(['csa']) };

async function refusedBy(
  command: typeof SessionWait | typeof SessionResult | typeof SessionStart,
  argv: string[],
): Promise<Error> {
  const { args, flags, strict } = command;
  return Parser.parse(argv, { args, flags, strict } as Parameters<typeof Parser.parse>[1]).then(
    () => {
      throw new Error(`${argv} was not refused`);
    },
    (error: Error) => error,
  );
}

it.each([
  [['x', '--capp', '3'], 'unknown flag: expected one that the help lists, got --capp. Did you mean --cap?'],
  [['x', '--until'], 'got --until. Did you mean --until-done?'],
  [['x', '--zzzzzz'], 'unknown flag: expected one that the help lists, got --zzzzzz. See csa session wait --help'],
  [['x', '--cap'], '--cap has no value: expected one after it, got nothing. See csa session wait --help'],
])('says what, expected, got and the next step: %j', async (argv, words) => {
  const { reason, message, command } = usageTrouble(await refusedBy(SessionWait, argv), FAILED);
  expect(reason).toBe('usage');
  expect(message).toContain(words);
  expect(command).toEqual(['session', 'wait', '--help']);
});

it('says which words are too many', async () => {
  const { message } = usageTrouble(await refusedBy(SessionResult, ['x', 'y', 'z']), FAILED);
  expect(message).toContain('too many words: expected fewer, got also y, z. See csa session wait --help');
});

it('knows the flags of the command that refused them', async () => {
  const error = await refusedBy(SessionStart, ['--desc', 'x']);
  expect(usageTrouble(error, { ...FAILED, words: ['session', 'start'] }).message).toContain(
    'Did you mean --description?',
  );
});

it.each([
  ['sessio', 'See csa --help', ['--help']],
  ['wait:01M0', 'Did you mean "csa session wait"?', ['session', 'wait', '--help']],
  ['session:wiat', 'Did you mean "csa session wait"?', ['session', 'wait', '--help']],
  ['session:sta', 'Did you mean "csa session start"?', ['session', 'start', '--help']],
  ['session:frobnicate', 'See csa session --help', ['session', '--help']],
  ['warm:on', 'Did you mean "csa session warm"?', ['session', 'warm', '--help']],
  ['config:frob', 'Did you mean "csa config show"?', ['config', 'show', '--help']],
  ['docter', 'Did you mean "csa doctor"?', ['doctor', '--help']],
  ['agents', 'Did you mean "csa agents-md"?', ['agents-md', '--help']],
  ['logs', 'Did you mean "csa session logs"?', ['session', 'logs', '--help']],
])('names the command that was probably meant by %s', (id, words, next) => {
  const trouble = usageTrouble(new Error(`command ${id} not found`), FAILED);
  expect(trouble).toMatchObject({ reason: 'unknown-command', command: next });
  expect(trouble.message).toContain(words);
});

it('a word after a command that takes none is one too many', () => {
  expect(usageTrouble(new Error('command doctor:foo not found'), FAILED)).toEqual({
    reason: 'usage',
    message: 'too many words: expected none after doctor, got "foo". Leave it out.',
    command: ['doctor', '--help'],
  });
});
