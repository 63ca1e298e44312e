import { reasonOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { needFlags, needOf, saysNeed } from './need.ts';

const FLAGS = { all: false, any: false };

describe('the need', () => {
  it.each([
    ['nothing', FLAGS, { mode: 'all', count: 3 }],
    ['--all', { ...FLAGS, all: true }, { mode: 'all', count: 3 }],
    ['--any', { ...FLAGS, any: true }, { mode: 'any', count: 1 }],
    ['--count 1', { ...FLAGS, count: '1' }, { mode: 'count', count: 1 }],
    ['--count 3', { ...FLAGS, count: '3' }, { mode: 'count', count: 3 }],
  ])('of three sessions that %s says', (_, flags, need) => {
    expect(needOf(flags, 3)).toEqual(need);
  });

  it.each(['0', '4', '-1', '1.5', '', 'all', ' 2', '1e1', '99999999999999999999'])('is never --count %j', (count) => {
    expect(() => needOf({ ...FLAGS, count }, 3)).toThrow(/expected 1 to 3/);
    expect(reasonOf(() => needOf({ ...FLAGS, count }, 3))).toBe('bad-count');
  });

  it.each([
    { all: true, any: true },
    { all: true, any: false, count: '1' },
    { all: false, any: true, count: '1' },
  ])('is said once: %j', (flags) => {
    expect(reasonOf(() => needOf(flags, 3))).toBe('usage');
  });
});

it('is said by any of its flags', () => {
  expect(saysNeed(FLAGS)).toBe(false);
  for (const flags of [
    { ...FLAGS, all: true },
    { ...FLAGS, any: true },
    { ...FLAGS, count: '' },
  ]) {
    expect(saysNeed(flags)).toBe(true);
  }
});

it('is repeated in words that the same wait for fewer takes, too', () => {
  expect(needFlags({ mode: 'all', count: 3 }, 2)).toEqual(['--all']);
  expect(needFlags({ mode: 'any', count: 1 }, 2)).toEqual(['--any']);
  expect(needFlags({ mode: 'count', count: 3 }, 5)).toEqual(['--count', '3']);
  expect(needFlags({ mode: 'count', count: 3 }, 2)).toEqual(['--count', '2']);
});
