import { reasonOf, refusalOf } from '@csa/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLabels } from './label.ts';

it.each<[string, string, string]>([
  ['team=api', 'team', 'api'],
  ['a=', 'a', ''],
  ['a=b=c', 'a', 'b=c'],
  ['ci/run.id-7_x=42', 'ci/run.id-7_x', '42'],
  ['0=x', '0', 'x'],
  ['k=two words', 'k', 'two words'],
  ['k=ünï 🎉', 'k', 'ünï 🎉'],
  [`${'k'.repeat(63)}=${'v'.repeat(200)}`, 'k'.repeat(63), 'v'.repeat(200)],
])('takes %s', (text, key, value) => {
  expect(parseLabels([text])).toEqual(new Map([[key, value]]));
});

it.each([
  '',
  'team',
  '=x',
  '.a=x',
  '-a=x',
  'a b=x',
  'ä=x',
  'a\n=x',
  `${'k'.repeat(64)}=x`,
  'k= x',
  'k=x ',
  'k=a  b',
  'k=a\nb',
  'k=\u001b[31mred',
  'k=a\0',
  'k=\u202eabc',
  'k=<!-- CSA:X -->',
  'k=\ud800',
  `k=${'v'.repeat(201)}`,
  `k=${'ü'.repeat(101)}`,
])('refuses %j', (text) => {
  expect(reasonOf(() => parseLabels(['ok=1', text]))).toBe('bad-label');
});

it('refuses a key that is there twice, also with the same value, and names it', () => {
  expect(refusalOf(() => parseLabels(['a=1', 'b=2', 'a=1'])).message).toContain('got a');
});

it('takes 32 and no more', () => {
  const labels = Array.from({ length: 33 }, (_, i) => `k${i}=x`);
  expect(parseLabels(labels.slice(1)).size).toBe(32);
  expect(refusalOf(() => parseLabels(labels)).message).toContain('at most 32, got 33');
  expect(parseLabels([]).size).toBe(0);
});

it('keeps a key that is called as prototypes are', () => {
  expect([...parseLabels(['constructor=x', 'toString=y'])]).toEqual([
    ['constructor', 'x'],
    ['toString', 'y'],
  ]);
});

it('either keeps a label exactly or refuses it, and never shows a control character', () => {
  const piece = fc.constantFrom('a', 'Z', '9', '.', '=', ' ', '\n', '\u001b[1m', 'ü', '<!-- CSA:', '\u200b');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      (text) => {
        try {
          const [[key, value] = []] = parseLabels([text]);
          expect(`${key}=${value}`).toBe(text);
        } catch (error) {
          expect((error as Error).message).not.toMatch(/[\u0000-\u001f\u200b]|<!-- CSA:/);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
