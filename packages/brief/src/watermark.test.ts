import { describe, expect, it } from 'vitest';
import { completed, isSameWatermark, lasting, tentative, type Watermark } from './watermark.ts';

const AT = 1_767_323_045_000;
const MARK: Watermark = {
  records_count: 3,
  max_id: '01K',
  max_started_at: '2026-01-02T03:04:05.000Z',
  max_completed_at: null,
  sequence: AT * 1000,
};

it.each<[keyof Watermark, Watermark[keyof Watermark][]]>([
  ['records_count', [2, 4]],
  ['max_id', ['01J', '01M', null]],
  ['max_started_at', ['2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z', null]],
  ['max_completed_at', ['2020-01-01T00:00:00.000Z']],
  ['sequence', [AT * 1000 - 1, AT * 1000 + 1, 0]],
])('another %s, in either direction, is another watermark', (field, others) => {
  expect(isSameWatermark(MARK, { ...MARK })).toBe(true);
  for (const other of others) {
    expect(isSameWatermark(MARK, { ...MARK, [field]: other })).toBe(false);
    expect(isSameWatermark({ ...MARK, [field]: other }, MARK)).toBe(false);
  }
});

describe('a watermark that is written down', () => {
  it.each<[string, number, boolean]>([
    ['long after the newest change', AT + 60_000, true],
    ['twenty milliseconds after it', AT + 20, true],
    ['within a tick of it', AT + 19, false],
    ['at the very moment', AT, false],
    ['before it, by the clock', AT - 60_000, false],
  ])('%s', (_, lookedAt, isKept) => {
    expect(isSameWatermark(lasting(MARK, lookedAt), MARK)).toBe(isKept);
    expect(lasting(MARK, lookedAt).sequence).toBeLessThanOrEqual(MARK.sequence);
  });

  it('of no records at all is found again', () => {
    const none = { ...MARK, sequence: 0 };
    expect(lasting(none, AT)).toEqual(none);
    expect(tentative(none)).toEqual(none);
  });

  it('of a cold source has the end that was read after it, where nothing else was different', () => {
    const after = { ...MARK, max_completed_at: '2026-01-02T04:00:00.000Z' };
    expect(completed(MARK, after)).toEqual(after);
    expect(completed(MARK, { ...after, sequence: MARK.sequence + 1 })).toEqual(MARK);
    expect(completed(MARK, { ...after, records_count: 4 })).toEqual(MARK);
  });
});
