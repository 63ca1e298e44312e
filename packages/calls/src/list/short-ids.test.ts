import { isSessionId, type SessionId } from '@csa/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortIds } from './short-ids.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ids of few different characters, so that many share long beginnings. */
const ids = fc
  .uniqueArray(fc.string({ unit: fc.constantFrom('0', '1'), minLength: 26, maxLength: 26 }), { minLength: 1 })
  .map((list) => list.toSorted().toReversed() as SessionId[]);

function idOf(beginning: string): SessionId {
  const id = beginning.padEnd(26, '0');
  if (!isSessionId(id)) throw new Error(`${id} is no id`);
  return id;
}

describe('a short id', () => {
  it('is the time where nobody shares it', () => {
    const [newer, older] = [idOf('01M0F77JH1'), idOf('01M0F77JH0')];
    const short = shortIds([newer, older]);
    expect([short(newer), short(older)]).toEqual(['01M0F77JH1', '01M0F77JH0']);
  });

  it('is as long as neighbours of the same millisecond need', () => {
    const all = [idOf('01M0F77JH0BZ'), idOf('01M0F77JH0BA'), idOf('01M0F77JH0A')];
    expect(all.map(shortIds(all))).toEqual(['01M0F77JH0BZ', '01M0F77JH0BA', '01M0F77JH0A']);
  });

  it('of an id that was not listed is all of it', () => {
    expect(shortIds([])(idOf('0'))).toBe(idOf('0'));
  });

  it('is the beginning of exactly one id, at least ten characters, and one character less would not do', () => {
    fc.assert(
      fc.property(ids, (all) => {
        const short = shortIds(all);
        for (const id of all) {
          const prefix = short(id);
          expect(all.filter((other) => other.startsWith(prefix))).toEqual([id]);
          expect(prefix.length).toBeGreaterThanOrEqual(10);
          const shorter = prefix.slice(0, -1);
          if (shorter.length >= 10) expect(all.filter((other) => other.startsWith(shorter)).length).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('stays unique when a session of a later millisecond comes', () => {
    const later = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(ids, later, (all, tail) => {
        const prefixes = all.map(shortIds(all));
        const next = `2000000000${tail}`;
        expect(prefixes.filter((prefix) => next.startsWith(prefix))).toEqual([]);
      }),
    );
  });
});
