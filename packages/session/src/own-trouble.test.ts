import { expect, test } from 'vitest';
import { ownTroubleOf, refuseStateRead } from './own-trouble.ts';
import { Refusal } from './refusal.ts';

const system = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ['EMFILE', 'io-error', 'ulimit -n'],
  ['ENFILE', 'io-error', 'fs.file-max'],
  ['EIO', 'io-error', 'disk'],
  ['EACCES', 'state-root-unreadable', 'permissions'],
  ['ELOOP', 'state-root-unreadable', 'permissions'],
])('a read that fails with %s is refused as %s, and %s is where to look', (code, reason, next) => {
  const refusal = refuseStateRead(system(code), { what: 'nothing can be listed', path: '/s' });
  expect([refusal.reason, refusal.cause]).toEqual([reason, expect.objectContaining({ code })]);
  expect(refusal.message).toMatch(new RegExp(`^nothing can be listed: .*${code} at /s.*${next}`));
  expect(ownTroubleOf(refusal)).toBe(reason === 'io-error' ? code : undefined);
});

test('trouble of our own is known by its errno, and nothing else is', () => {
  expect(ownTroubleOf(system('EMFILE'))).toBe('EMFILE');
  for (const other of [system('EACCES'), system('constructor'), new Error('EMFILE'), 'EMFILE', undefined]) {
    expect(ownTroubleOf(other)).toBeUndefined();
  }
  expect(ownTroubleOf(new Refusal({ reason: 'x', what: 'x', next: 'x' }))).toBeUndefined();
});
