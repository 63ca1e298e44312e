import { expect, it } from 'vitest';
import { parseLabels } from './label.ts';
import { reasonOf } from './refusals.test.fixture.ts';

it.each<[texts: string[], expected: Array<[string, string]>]>([
  [[], []],
  [['branch=main'], [['branch', 'main']]],
  [
    ['a.b/c_d-1=x=y z', 'empty='],
    [
      ['a.b/c_d-1', 'x=y z'],
      ['empty', ''],
    ],
  ],
  [['a=1', 'a=2'], [['a', '2']]],
  [['__proto__=x'.slice(2)], [['proto__', 'x']]],
  [[`${'k'.repeat(63)}=${'v'.repeat(200)}`], [['k'.repeat(63), 'v'.repeat(200)]]],
])('%j', (texts, expected) => {
  expect(Array.from(parseLabels(texts))).toEqual(expected);
});

it.each([
  '',
  'a',
  '=x',
  '-a=x',
  '_a=x',
  'a b=x',
  `${'k'.repeat(64)}=x`,
  `a=${'v'.repeat(201)}`,
  'a=x\ny',
  'a=\u001b[1m',
  'ä=x',
  'a= x',
])('refuses %j', (text) => {
  expect(reasonOf(() => parseLabels(['ok=1', text]))).toBe('bad-label');
});
