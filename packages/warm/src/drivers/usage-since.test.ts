import { expect, test } from 'vitest';
import { usageSince } from './usage-since.ts';

const BEFORE = { input: 400, read: 600, write: 10, writeHour: 0, output: 20 };

test('one request is what its thread has used more', () => {
  const after = { input: 410, read: 1_500, write: 10, writeHour: 0, output: 23 };
  expect(usageSince(BEFORE, after)).toEqual({ input: 10, read: 900, write: 0, writeHour: 0, output: 3 });
});

test('what is unknown stays unknown', () => {
  const after = { input: 410, read: 1_500, write: null, writeHour: null, output: null };
  expect(usageSince(BEFORE, after)).toEqual({ input: 10, read: 900, write: null, writeHour: null, output: null });
});

test('a thread that has used less than before tells nothing', () => {
  const after = { input: 410, read: 599, write: 10, writeHour: 0, output: 23 };
  expect(usageSince(BEFORE, after)).toBeNull();
});
