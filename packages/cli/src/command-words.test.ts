import { readFileSync } from 'node:fs';
import { parseIdOrPrefix, Refusal } from '@csa/session';
import { expect, it } from 'vitest';
import { spacedCommand, splitCommandWords, subcommandsOf } from './command-words.ts';

it.each<[string[], string[], string[]]>([
  [[], [], []],
  [['--version'], [], ['--version']],
  [['doctor', 'x'], ['doctor'], ['x']],
  [['session'], ['session'], []],
  [['session', '--help'], ['session'], ['--help']],
  [
    ['session', 'wait', 'ab', '--json'],
    ['session', 'wait'],
    ['ab', '--json'],
  ],
  [['session', 'wait', 'on'], ['session', 'wait'], ['on']],
  [['session', 'warm'], ['session', 'warm'], []],
  [['session', 'warm', 'ab'], ['session', 'warm'], ['ab']],
  [['session', 'warm', 'on', '30m'], ['session', 'warm', 'on'], ['30m']],
  [
    ['session', 'warm', '--cap', 'on'],
    ['session', 'warm'],
    ['--cap', 'on'],
  ],
  [['config', 'show', 'x'], ['config', 'show'], ['x']],
  [['wait', 'on'], ['wait'], ['on']],
])('%j is the command %j and the words %j', (argv, command, rest) => {
  expect(splitCommandWords(argv)).toEqual({ command, rest });
});

it.each([
  [
    ['session:wait', 'ab'],
    ['session', 'wait', 'ab'],
  ],
  [['session:warm:on'], ['session', 'warm', 'on']],
  [['doctor:x'], ['doctor:x']],
])('%j is spelled %j', (typed, spaced) => {
  expect(spacedCommand(typed)).toEqual(spaced);
});

it('no word below session warm could be meant as the beginning of an id', () => {
  for (const word of subcommandsOf('session warm')) expect(() => parseIdOrPrefix(word), word).toThrow(Refusal);
});

it('every command of the manifest is told from its words', () => {
  const file = new URL('../oclif.manifest.json', import.meta.url);
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as { commands: Record<string, unknown> };
  for (const id of Object.keys(commands)) {
    const words = id.split(':');
    expect(splitCommandWords([...words, 'word'])).toEqual({ command: words, rest: ['word'] });
  }
});
