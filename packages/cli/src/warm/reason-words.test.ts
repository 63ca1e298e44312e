import { WARM_REASONS } from '@csa/warm';
import { expect, it } from 'vitest';
import { REASON_WORDS } from './reason-words.ts';

it('every reason of the closed set has words of its own', () => {
  expect(Object.keys(REASON_WORDS).sort()).toEqual([...WARM_REASONS].sort());
  expect(new Set(Object.values(REASON_WORDS)).size).toBe(WARM_REASONS.length);
});

it.each(WARM_REASONS)('the words of %s continue a sentence', (reason) => {
  expect(REASON_WORDS[reason]).toMatch(/^[a-zA-Z][\x20-\x7e]{10,}[^.\s]$/);
});
