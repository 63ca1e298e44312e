import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { errnoOf, Refusal, refuseStateWrite } from './refusal.ts';

test('a refusal says what, what was expected, what came, and the next step', () => {
  const refusal = new Refusal({ reason: 'x', what: 'no', expected: 'one', got: 'two', next: 'Do this' });
  expect(refusal.message).toBe('no: expected one, got two. Do this.');
  expect(refusal.reason).toBe('x');
  expect(new Refusal({ reason: 'x', what: 'no', next: 'Do this' }).message).toBe('no. Do this.');
});

test('the errno name of a system error is known, and nothing else has one', () => {
  expect(errnoOf(thrown(() => openSync('/nonexistent/file', 'r')))).toBe('ENOENT');
  expect(errnoOf(Object.assign(new Error('from another process'), { code: 'ENOSPC' }))).toBe('ENOSPC');
  expect(errnoOf(new Error('plain'))).toBeUndefined();
  expect(errnoOf('ENOENT')).toBeUndefined();
  expect(errnoOf(thrown(() => closeSync('3' as unknown as number)))).toBeUndefined();
});

test('EDQUOT, which Node does not name, is named by its number', () => {
  const error = Object.assign(new Error(), { code: 'Unknown system error -122', errno: -constants.errno.EDQUOT });
  expect(errnoOf(error)).toBe('EDQUOT');
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'state-root-unwritable'],
  ['EROFS', 'state-root-unwritable'],
])('a write that fails with %s is refused as %s', (code, reason) => {
  const error = Object.assign(new Error('no'), { code });
  const refusal = expect.objectContaining({ reason, cause: error, message: expect.stringContaining(`${code} at /s`) });
  expect(() => refuseStateWrite(error, '/s')).toThrow(refusal);
});

test('what is no system error is passed on', () => {
  const bug = new TypeError('bug');
  expect(() => refuseStateWrite(bug, '/s')).toThrow(bug);
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
