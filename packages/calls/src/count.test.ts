import { refusalOf } from '@csa/testkit';
import { expect, it } from 'vitest';
import { type CountForm, parseCount } from './count.ts';

const FORM: CountForm = { flag: '--n', reason: 'bad-n', what: 'is no count', min: 0, takesAll: true, example: 5 };

it.each<[string, Partial<CountForm>, number | 'all']>([
  ['0', {}, 0],
  ['007', {}, 7],
  ['999999999', {}, 999_999_999],
  ['1', { min: 1 }, 1],
  ['all', {}, 'all'],
])('%j with %o is %s', (text, form, count) => {
  expect(parseCount(text, { ...FORM, ...form })).toBe(count);
});

it.each<[string, Partial<CountForm>, string]>([
  ['', {}, 'from 0 to 999999999, or all, got ""'],
  ['-1', {}, 'from 0 to 999999999, or all'],
  ['1.5', {}, 'got "1.5"'],
  ['1000000000', {}, 'got "1000000000"'],
  ['0', { min: 1 }, 'from 1 to 999999999, or all'],
  ['01', { min: 1 }, 'got "01"'],
  ['all', { takesAll: false }, 'from 0 to 999999999, got "all". Write --n 5.'],
  ['ALL', {}, 'got "ALL"'],
])('%j with %o is refused', (text, form, words) => {
  const refusal = refusalOf(() => parseCount(text, { ...FORM, ...form }));
  expect(refusal.reason).toBe('bad-n');
  expect(refusal.message).toContain(words);
});
