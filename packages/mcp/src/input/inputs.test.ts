import { Refusal } from '@csa/session';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputSchema, readInput } from './inputs.ts';
import { pairs, words } from './many-parameters.ts';
import { required } from './parameter.ts';
import { choice, duration, flag, text, whole } from './single-parameters.ts';

const PARAMETERS = {
  id: required(text('an id')),
  ids: words({ min: 1, max: 3 }),
  env: pairs(),
  mode: choice(['all', 'any']),
  tail: whole({ min: 1, max: 10 }),
  force: flag(),
  cap: duration(),
};

function refusalOf(given: unknown): Refusal {
  try {
    readInput('some_tool', PARAMETERS, given);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was read');
}

it('reads what the schema says', () => {
  const given = { id: 'a', ids: ['b'], env: { A: '1' }, mode: 'any', tail: 3, force: true, cap: '5m' };
  expect(readInput('some_tool', PARAMETERS, given)).toEqual(given);
  expect(readInput('some_tool', PARAMETERS, { id: 'a' })).toEqual({ id: 'a' });
});

it('takes a bare number for a duration in seconds', () => {
  expect(readInput('some_tool', PARAMETERS, { id: 'a', cap: 240 })).toEqual({ id: 'a', cap: '240' });
});

it.each<[string, unknown, string]>([
  ['no object', [], 'its arguments are no object: expected an object, got an array'],
  ['nothing where something is needed', undefined, 'id is missing: expected a string, got nothing'],
  [
    'an unknown argument',
    { id: 'a', until: 1 },
    'it knows no until: expected only id, ids, env, mode, tail, force, cap',
  ],
  ['two of them', { id: 'a', x: 1, y: 2 }, 'it knows no x, y'],
  ['another kind', { id: 3 }, 'id cannot be used: expected a string, got 3'],
  ['a text for an array', { id: 'a', ids: 'b' }, 'ids cannot be used: expected an array of 1 to 3 strings, got "b"'],
  ['a number among texts', { id: 'a', ids: ['b', 3] }, 'got an array of 2 with a number at 1'],
  ['a number for a text', { id: 'a', env: { A: '1', PORT: 80 } }, 'got an object with a number at PORT'],
  ['an empty array', { id: 'a', ids: [] }, 'got an array of 0'],
  ['a number out of range', { id: 'a', tail: 11 }, 'expected a whole number from 1 to 10, got 11'],
  ['no choice of ours', { id: 'a', mode: 'some' }, 'expected one of all, any, got "some"'],
  ['null', { id: null }, 'got null'],
])('refuses %s, and says what was expected and what came', (_, given, message) => {
  const refusal = refusalOf(given);
  expect(refusal.reason).toBe('bad-arguments');
  expect(refusal.message).toContain('some_tool was called wrongly: ');
  expect(refusal.message).toContain(message);
  expect(refusal.message).toContain('Call some_tool again');
});

it('shows nothing of what came but its beginning, cleaned', () => {
  const { message } = refusalOf({ id: 'a', tail: `<!-- CSA:X -->\u001b[31m${'y'.repeat(5_000)}` });
  expect(message.length).toBeLessThan(400);
  expect(message).not.toContain('<!-- CSA:');
});

describe('against the schema', () => {
  const validate = new Ajv().compile(inputSchema(PARAMETERS));
  const value = fc.oneof(
    fc.constantFrom('all', 'any', 'a', 1, 3, 10, 11, 0.5, true, null),
    fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 }),
    fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()), { maxKeys: 3 }),
  );
  const names = fc.constantFrom(...Object.keys(PARAMETERS), 'other', '__proto__', 'constructor');

  it('takes exactly what the schema takes', () => {
    fc.assert(
      fc.property(fc.dictionary(names, value), fc.boolean(), (rest, hasId) => {
        const given = hasId ? { ...rest, id: 'a' } : rest;
        // The one thing that is read more kindly than it is told.
        if (typeof given['cap'] === 'number') return;
        expect(isTaken(given)).toBe(validate(given));
      }),
      { numRuns: 2_000 },
    );
  });
});

function isTaken(given: unknown): boolean {
  try {
    readInput('some_tool', PARAMETERS, given);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
