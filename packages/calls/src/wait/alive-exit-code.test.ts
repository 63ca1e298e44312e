import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { chooseAliveExitCode } from './alive-exit-code.ts';

it.each([
  [{ flag: '75', env: '76', config: 77 }, 75],
  [{ env: '76', config: 77 }, 76],
  [{ flag: '0', env: '76', config: 77 }, 0],
  [{ env: '', config: 77 }, 77],
  [{ config: 0 }, 0],
  [{ env: '' }, 0],
  [{}, 0],
])('takes the strongest wish: %o', (wishes, code) => {
  expect(chooseAliveExitCode(wishes)).toBe(code);
});

describe('of all numbers', () => {
  const texts = Array.from({ length: 400 }, (_, i) => String(i));
  const accepted = (code: string): boolean => {
    try {
      return chooseAliveExitCode({ flag: code }) === Number(code);
    } catch {
      return false;
    }
  };

  it('takes 0 to 255 without 124 and 125', () => {
    const expected = texts.filter((text) => Number(text) <= 255 && text !== '124' && text !== '125');
    expect(texts.filter(accepted)).toEqual(expected);
  });
});

it.each(['', ' 1', '1 ', '-1', '+1', '1.5', '1e2', '0x4b', 'abc', '0256', '٧', '1\n', 'x'.repeat(5_000)])(
  'refuses %j as a flag',
  (flag) => {
    expect(reasonOf(() => chooseAliveExitCode({ flag }))).toBe('bad-exit-code');
  },
);

it('names what it refuses', () => {
  expect(refusalOf(() => chooseAliveExitCode({ flag: '124' })).message).toContain('--alive-exit-code');
  expect(refusalOf(() => chooseAliveExitCode({ env: '300' })).message).toContain('CSA_ALIVE_EXIT_CODE');
});
