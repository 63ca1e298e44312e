import { expect, it } from 'vitest';
import { reasonOf, refusalOf } from './refusal-of.ts';

const refused = Object.assign(new Error('no'), { name: 'Refusal', reason: 'usage', detail: {} });
const throwing = (error: unknown) => (): never => {
  throw error;
};

it('gives what an action is refused with', () => {
  expect(refusalOf(throwing(refused))).toBe(refused);
  expect(reasonOf(throwing(refused))).toBe('usage');
});

it('fails with what an action breaks of otherwise', () => {
  expect(() => refusalOf(throwing(new TypeError('broken')))).toThrow('broken');
});

it('fails where an action goes through', () => {
  expect(() => refusalOf(() => 1)).toThrow('it was not refused');
});
