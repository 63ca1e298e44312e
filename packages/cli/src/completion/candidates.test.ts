import { expect, it } from 'vitest';
import { complete, type KnownCommand } from './candidates.ts';

const flag = (name: string, more: object = {}) => ({ name, about: `about ${name}`, takesValue: false, ...more });
const valued = (name: string, more: object = {}) => flag(name, { takesValue: true, ...more });

const COMMANDS: readonly KnownCommand[] = [
  { words: ['completion'], about: 'a script', flags: [], options: ['bash', 'fish'] },
  { words: ['config', 'show'], about: 'every value', flags: [flag('origin')] },
  {
    words: ['session', 'start'],
    about: 'start',
    flags: [valued('cd', { valueName: 'DIR' }), valued('stdin', { valueName: 'FILE|-' })],
  },
  {
    words: ['session', 'wait'],
    about: 'wait',
    flags: [valued('cap'), valued('cd', { valueName: 'DIR' }), flag('json')],
  },
  { words: ['session', 'list'], about: 'list', flags: [valued('state', { options: ['alive', 'dead'] })] },
  { words: ['session', 'logs'], about: 'logs', flags: [] },
  { words: ['session', 'warm'], about: 'warm', flags: [valued('cap')] },
  { words: ['session', 'warm', 'off'], about: 'off', flags: [flag('all')] },
  { words: ['session', 'warm', 'on'], about: 'on', flags: [valued('driver', { options: ['command'] })] },
];

const wordsAt = (...typed: string[]): string[] => {
  const completion = complete(typed, COMMANDS);
  return completion.kind === 'words' ? completion.words.map(({ word }) => word) : [completion.kind];
};

it.each<[string[], string[]]>([
  [[''], ['completion', 'config', 'session']],
  [['c'], ['completion', 'config']],
  [['x'], []],
  [
    ['session', ''],
    ['start', 'wait', 'list', 'logs', 'warm'],
  ],
  [
    ['session', 'l'],
    ['list', 'logs'],
  ],
  [['config', ''], ['show']],
  [['nothing', ''], ['nothing']],
  [['session', 'nothing', ''], ['nothing']],
  [
    ['completion', ''],
    ['bash', 'fish'],
  ],
  [
    ['session', 'wait', '-'],
    ['--cap', '--cd', '--json'],
  ],
  [
    ['session', 'wait', '--c'],
    ['--cap', '--cd'],
  ],
  [['session', 'wait', '--cap', ''], ['nothing']],
  [['session', 'wait', '--cd', ''], ['directories']],
  [
    ['session', 'list', '--state', ''],
    ['alive', 'dead'],
  ],
  [['session', 'list', '--state', 'a'], ['alive']],
  [['session', 'warm', '-'], ['--cap']],
  [['session', 'warm', 'on', '-'], ['--driver']],
  [['session', 'warm', 'on', '--driver', ''], ['command']],
  [['session', 'warm', 'on', '--', ''], ['programs']],
  [['session', 'list', '--state=a'], ['--state=alive']],
  [['session', 'list', '--state', '=', 'a'], ['alive']],
  [
    ['session', 'list', '--state', '='],
    ['alive', 'dead'],
  ],
  [['session', 'wait', '--cap=4'], ['nothing']],
  [['session', 'list', ''], ['nothing']],
  [['session', 'start', '--stdin', ''], ['files']],
  [['session', 'start', '--', ''], ['programs']],
  [['session', 'start', '--', 'make', ''], ['files']],
  [['session', 'start', '--', 'csa', 'session', ''], ['files']],
  [[], ['completion', 'config', 'session']],
])('at the end of %j stands %j', (typed, words) => {
  expect(wordsAt(...typed)).toEqual(words);
});

it.each([
  [['session', 'wait', ''], 'alive', undefined],
  [['session', 'logs', '01'], 'any', undefined],
  [['session', 'wait', '--json', ''], 'alive', undefined],
  [['session', 'wait', '--cd', '../api', ''], 'alive', '../api'],
  [['session', 'wait', '--cd=../api', ''], 'alive', '../api'],
  [['session', 'wait', '--cd', '=', '../api', ''], 'alive', '../api'],
])('at the end of %j stands a session, %s, of %s', (typed, wanted, project) => {
  expect(complete(typed, COMMANDS)).toEqual({ kind: 'ids', wanted, project, or: [] });
});

it.each<[string[], string[]]>([
  [
    ['session', 'warm', ''],
    ['off', 'on'],
  ],
  [['session', 'warm', 'of'], ['off']],
  [['session', 'warm', '01'], []],
  [['session', 'warm', '--cap', '3', ''], []],
  [['session', 'warm', 'on', ''], []],
])('at the end of %j stands a session, or one of %j', (typed, below) => {
  expect(complete(typed, COMMANDS)).toMatchObject({ kind: 'ids', or: below.map((word) => ({ word, about: word })) });
});

it('describes what it offers', () => {
  expect(complete(['session', 'wai'], COMMANDS)).toEqual({ kind: 'words', words: [{ word: 'wait', about: 'wait' }] });
  expect(complete(['config', 'show', '--'], COMMANDS)).toEqual({
    kind: 'words',
    words: [{ word: '--origin', about: 'about origin' }],
  });
});
