import { describe, expect, it } from 'vitest';
import { readHookWish } from './hook-wish.ts';

describe('the words of a hook', () => {
  it.each([
    ['--hook', undefined, false],
    ['--hook --verbose', undefined, true],
    ['--hook --cd /p', '/p', false],
    ['--cd=/p --verbose --hook', '/p', true],
    ['--hook --cd=', '', false],
  ])('%s are read without a parser', (words, cd, verbose) => {
    expect(readHookWish(words.split(' '))).toEqual({ cd, verbose });
  });

  it('name the agent that reads JSON', () => {
    expect(readHookWish(['--hook', '--as', 'gemini', '--cd', '/p'])).toEqual({
      cd: '/p',
      verbose: false,
      form: 'gemini',
    });
  });

  it.each([
    '--hook --as',
    '--hook --as claude',
    '--hook --as gemini --as cursor',
    '--hook --json',
    '--hook --help',
    '--hook more',
    '--hook --cd',
    '--hook --cd --verbose',
    '--hook --cd /a --cd /b',
    '--hook --verbose=yes',
    '--hook -- --verbose',
  ])('%s are left to it', (words) => {
    expect(readHookWish(words.split(' '))).toBeUndefined();
  });
});
