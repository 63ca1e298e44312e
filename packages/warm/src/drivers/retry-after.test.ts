import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfter } from './retry-after.ts';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

it.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 30_000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT' }, 0],
  [{ 'retry-after': '999999999' }, 86_400_000],
  [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
  [{ 'retry-after': 'later' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '-5x' }, undefined],
  [{}, undefined],
])('%j is %s ms', (headers, ms) => {
  expect(retryAfter(headers, NOW)).toBe(ms);
});

it('whatever a provider says, it is a time of a day at most, or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.double().map(String),
        fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
      ),
      (value) => {
        const ms = retryAfter({ 'retry-after': value }, NOW) ?? 0;
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 86_400_000).toBe(true);
      },
    ),
  );
});
