import { expect, it } from 'vitest';
import { answeredWith, statusFailure } from './status-failure.ts';

it.each([
  [429, 'backoff', true],
  [529, 'backoff', true],
  [500, 'probe_failed', true],
  [502, 'probe_failed', true],
  [503, 'probe_failed', true],
  [504, 'probe_failed', true],
  [408, 'probe_failed', true],
  [409, 'probe_failed', true],
  [400, 'not_replayable', false],
  [404, 'not_replayable', false],
  [413, 'not_replayable', false],
  [422, 'not_replayable', false],
  [401, 'driver_unavailable', false],
  [402, 'driver_unavailable', false],
  [403, 'driver_unavailable', false],
  [301, 'driver_unavailable', false],
  [307, 'driver_unavailable', false],
  [204, 'driver_unavailable', false],
])('%i is %s, and passes: %s', (status, reason, retryable) => {
  expect(statusFailure(status, undefined, { startedAt: 5, retryAfterMs: 7 })).toEqual({
    kind: 'failed',
    reason,
    retryable,
    error: `the provider answered ${status}`,
    startedAt: 5,
    ...(retryable && { retryAfterMs: 7 }),
  });
});

it.each([
  ['overloaded_error', ' (overloaded_error)'],
  ['turn.failed', ' (turn.failed)'],
  ['your key sk-ant-1 is wrong', ''],
  ['sk-ant-secret', ''],
  ['x'.repeat(65), ''],
  [{ type: 'x' }, ''],
  [undefined, ''],
])('%j is shown only where it is a mere word', (type, shown) => {
  expect(statusFailure(500, type, {}).error).toBe(`the provider answered 500${shown}`);
});

it.each([
  [401, 'authentication_error', { status: 401, type: 'authentication_error' }],
  [400, undefined, { status: 400 }],
  [529, 'your key sk-ant-1 is wrong', { status: 529 }],
])('the books tell it again: %i %s', (status, type, told) => {
  expect(answeredWith(statusFailure(status, type, {}).error)).toEqual(told);
});

it.each(['', 'the provider answered', 'the provider answered 401 and more', 'x the provider answered 401'])(
  'of another error nothing is told: %j',
  (error) => {
    expect(answeredWith(error)).toBeUndefined();
  },
);
