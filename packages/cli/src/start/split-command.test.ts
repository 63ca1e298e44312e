import { refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { splitCommand } from './split-command.ts';

describe('the command', () => {
  it.each<[string[], string[], string[]]>([
    [['--', 'npm', 'test'], [], ['npm', 'test']],
    [['--cd', '/x', '--', 'make'], ['--cd', '/x'], ['make']],
    [['--', 'a', '--', 'b'], [], ['a', '--', 'b']],
    [['--', '--', 'x'], [], ['--', 'x']],
    [['--', '--help'], [], ['--help']],
    [['--json', '--', 'x', '--json'], ['--json'], ['x', '--json']],
    [['--', 'x', ''], [], ['x', '']],
    [['--', ' '], [], [' ']],
    [['--', 'sh', '-c', 'a\nb; c'], [], ['sh', '-c', 'a\nb; c']],
  ])('is what follows the first --, unchanged: %j', (argv, before, command) => {
    const split = splitCommand(argv);
    expect(split.before).toEqual(before);
    expect(split.command([])).toEqual(command);
  });

  it.each<[string[], unknown[], string]>([
    [[], [], 'got no -- at all'],
    [['npm', 'test'], ['npm', 'test'], 'got the word "npm" without -- before it'],
    [['--cd', '/x'], [], 'got no -- at all'],
    [['--'], [], 'got nothing after --'],
    [['npm', '--'], ['npm'], 'got the word "npm" before --'],
    [['npm', '--', 'test'], ['npm'], 'got the word "npm" before --'],
    [['--', ''], [], 'got an empty word'],
    [['--', '', 'x'], [], 'got an empty word'],
    [['--', 'a\0b'], [], 'NUL'],
    [['--', 'a', 'b\0'], [], 'NUL'],
    [['-', '--', 'x'], ['-'], 'got the word "-" before --'],
  ])('is missing in %j', (argv, stray, got) => {
    const refusal = refusalOf(() => splitCommand(argv).command(stray));
    expect(refusal).toMatchObject({ reason: 'missing-command', detail: { command: ['session', 'start', '--help'] } });
    expect(refusal.message).toContain(got);
  });

  it('leaves the words that it was given as they are', () => {
    const argv = Object.freeze(['--tool', 'x', '--', 'y']);
    const { before } = splitCommand(argv);
    expect(before).toEqual(['--tool', 'x']);
    expect(argv).toHaveLength(4);
  });

  it('tells no value of a variable where -- was forgotten', () => {
    const { message } = refusalOf(() => splitCommand(['--env', 'TOKEN=secret', 'npm', 'test']));
    expect(message).not.toContain('secret');
  });
});
