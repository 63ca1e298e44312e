import { Refusal } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { LinePattern } from './line-pattern.ts';

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

it('says of each line whether it matches', () => {
  expect(new LinePattern('^(error|warn)').matches(['error: x', 'no error', 'warning'])).toEqual([true, false, true]);
  expect(new LinePattern('').matches(['', 'a'])).toEqual([true, true]);
});

describe('what is no regular expression', () => {
  it.each(['(', '[', '*', 'a{2,1}', '(?<x', '\\'])('is refused in the words of the engine: %s', (source) => {
    const refusal = refusalOf(() => new LinePattern(source));
    expect(refusal.reason).toBe('bad-pattern');
    expect(refusal.message).toMatch(/got ".*" \(\S.+\)/s);
  });

  it('is cut short', () => {
    expect(refusalOf(() => new LinePattern(`(${'a'.repeat(500)}`)).message.length).toBeLessThan(350);
  });
});

it('does not keep anybody for ever', () => {
  const pattern = new LinePattern('^(a+)+$', 100);
  expect(refusalOf(() => pattern.matches([`${'a'.repeat(60)}!`])).reason).toBe('pattern-too-slow');
  // It can still be used for what it decides in time.
  expect(pattern.matches(['aaa', 'b'])).toEqual([true, false]);
});
