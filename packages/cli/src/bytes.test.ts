import { expect, it } from 'vitest';
import { describeBytes } from './bytes.ts';

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [1_536, '1.5 KiB'],
  [1_048_576, '1.0 MiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
  [3_000 * 1024 ** 4, '3000.0 TiB'],
])('%i bytes are %s', (bytes, words) => {
  expect(describeBytes(bytes)).toBe(words);
});
