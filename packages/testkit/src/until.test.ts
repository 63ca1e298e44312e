import { expect, it } from 'vitest';
import { until } from './until.ts';

it('returns the first truthy value of a condition, also of one that takes its time', async () => {
  let asked = 0;
  expect(await until(() => ++asked === 3 && 'third', 'the third look')).toBe('third');
  expect(await until(async () => ({ some: 'thing' }), 'a thing')).toEqual({ some: 'thing' });
  expect(asked).toBe(3);
});

it('names what it waited for when the time is over', async () => {
  await expect(until(() => false, 'pigs to fly', 30)).rejects.toThrow('waited 30 ms for pigs to fly');
});

it('passes on what the condition throws', async () => {
  const look = (): boolean => {
    throw new TypeError('broken');
  };
  await expect(until(look, 'nothing')).rejects.toThrow(TypeError);
});
