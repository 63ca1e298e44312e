import type { Turn } from '@csa/transcript';
import { expect, it } from 'vitest';
import { turnPlan } from './turn-plan.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const turn = (ageMs: number, rest: Partial<Turn> = {}): Turn => ({
  id: 't',
  startedAt: NOW - ageMs,
  model: 'unknown',
  tokens: { input: 1, read: 90_000, write: 10, writeHour: 0, output: 5 },
  ...rest,
});

it.each<[string, Turn | undefined, number | undefined, object]>([
  [
    'nothing is known',
    undefined,
    undefined,
    { ttl: { ms: 240_000, source: 'default' }, deadlineMs: 240_000, cache: 'unknown', breakEven: 11 },
  ],
  [
    'the config alone speaks',
    undefined,
    300_000,
    { ttl: { ms: 300_000, source: 'config' }, deadlineMs: 240_000, cache: 'unknown' },
  ],
  [
    'the transcript shows 5 minutes',
    turn(20_000, { tier: '5m' }),
    200_000,
    { ttl: { ms: 300_000, source: 'transcript' }, deadlineMs: 250_000, fullMs: 270_000, cache: 'warm' },
  ],
  [
    'the transcript shows an hour',
    turn(600_000, { tier: '1h' }),
    undefined,
    { ttl: { ms: 3_600_000, source: 'transcript' }, deadlineMs: 2_970_000, fullMs: 3_570_000, breakEven: 19 },
  ],
  [
    'the cache is cold already',
    turn(400_000, { tier: '5m' }),
    undefined,
    { deadlineMs: 240_000, cache: 'predicted-cold' },
  ],
  ['hardly any time is left', turn(269_000, { tier: '5m' }), undefined, { deadlineMs: 5_000, cache: 'warm' }],
])('by what is known: %s', (_, known, configTtlMs, plan) => {
  expect(turnPlan({ turn: known, configTtlMs, now: NOW })).toMatchObject(plan);
});
