import { Refusal } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { readOnWords } from './on-words.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const MINUTE = 60_000;

it.each<[string[], object]>([
  [[], {}],
  [['30m'], { durationMs: 30 * MINUTE }],
  [[ID], { id: ID }],
  [[ID, '1h30m'], { id: ID, durationMs: 90 * MINUTE }],
  [['90s', ID.toLowerCase()], { id: ID.toLowerCase(), durationMs: 90_000 }],
  [['01M0F77J', '90'], { id: '01M0F77J', durationMs: 90_000 }],
  [['01m0f77jh0', '1d'], { id: '01m0f77jh0', durationMs: 1_440 * MINUTE }],
  [['7d'], { durationMs: 10_080 * MINUTE }],
  [['1d12h30m15s'], { durationMs: (36 * 60 + 30) * MINUTE + 15_000 }],
  // Of digits alone, as no session of the next thousand years begins.
  [['01234567890123456789012345'], { id: '01234567890123456789012345' }],
])('%j is read as %j', (words, read) => {
  expect(readOnWords(words)).toEqual(read);
});

function reasonOf(...words: string[]): string {
  try {
    readOnWords(words);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'none';
}

describe('refused is', () => {
  it.each(['0', '0s', '8d', '169h', '500ms'])('a duration out of range: %s', (word) => {
    expect(reasonOf(word)).toBe('out-of-range');
  });

  it.each(['-5m', '-1', '+5m', '1.5h', '30M', '30min', '99999', '5x'])('a duration that is none: %s', (word) => {
    expect(reasonOf(word)).toBe('bad-duration');
  });

  it.each(['٣٠m', '３０m', 'on', '--', '../x', 'half', '', ' ', '1h 30m', 'I', `${ID}0`])(
    'what is neither: %j',
    (word) => {
      expect(reasonOf(word)).toBe('usage');
    },
  );

  it('two of a kind', () => {
    expect([reasonOf('30m', '1h'), reasonOf(ID, '01M0F77J'), reasonOf('30m', ID, '1h')]).toEqual(
      Array(3).fill('usage'),
    );
  });
});
