import { outcomeOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, INTERRUPTED_EXITS } from './exit-code.ts';

const ALL = Array.from({ length: 601 }, (_, i) => i - 300);

describe('the code of a failure', () => {
  const passed = ALL.filter((code) => exitCodeOf(outcomeOf('failure', code)) === code);

  it('is passed on from 1 to 255, but for 124 and 125', () => {
    const expected = Array.from({ length: 255 }, (_, i) => i + 1).filter((code) => code !== 124 && code !== 125);
    expect(passed).toEqual(expected);
  });

  it('becomes 1 everywhere else', () => {
    const others = ALL.filter((code) => !passed.includes(code)).map((code) => exitCodeOf(outcomeOf('failure', code)));
    expect(new Set(others)).toEqual(new Set([1]));
    expect(others).toHaveLength(601 - 253);
  });

  it.each([Number.MAX_SAFE_INTEGER, -(2 ** 31), 2 ** 31 - 1, 256.5, Number.NaN])('becomes 1 also for %d', (code) => {
    expect(exitCodeOf(outcomeOf('failure', code))).toBe(1);
  });
});

it('is 0 for a success and for nothing else', () => {
  expect(['success', 'retired'].map((status) => exitCodeOf(outcomeOf(status, 0)))).toEqual([0, 0]);
  expect(exitCodeOf(outcomeOf('failure', 0))).toBe(1);
  expect(exitCodeOf(outcomeOf('success', 3))).toBe(3);
});

it('is that of a shell for a waiter that was interrupted', () => {
  expect(INTERRUPTED_EXITS).toEqual({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143, 'parent-gone': 129 });
});
