import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSessionId, newSessionId, parseIdOrPrefix, sessionIdTime } from './session-id.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('an id is a ULID that tells the millisecond in which it was made', () => {
  fc.assert(
    fc.property(times, (now) => {
      const id = newSessionId(now);
      expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
      expect(isSessionId(id)).toBe(true);
      expect(sessionIdTime(id)).toBe(now);
    }),
  );
});

test('a made id carries the present time', () => {
  const before = Date.now();
  const time = sessionIdTime(newSessionId());
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test('ids of later milliseconds sort after those of earlier ones', () => {
  fc.assert(
    fc.property(times, times, (a, b) => {
      fc.pre(a < b);
      expect(newSessionId(a) < newSessionId(b)).toBe(true);
    }),
  );
});

test('ids of one millisecond differ', () => {
  const ids = Array.from({ length: 10_000 }, () => newSessionId(1_790_000_000_000));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  ['upper case and 26 long', ID, true],
  ['lower case', ID.toLowerCase(), false],
  ['too short', ID.slice(1), false],
  ['too long', `${ID}0`, false],
  ['more than 128 bits', `8${ID.slice(1)}`, false],
  ['a letter outside the alphabet', `${ID.slice(0, 25)}U`, false],
  ['a line feed after it', `${ID}\n`, false],
])('an id is told by its form: %s', (_what, text, expected) => {
  expect(isSessionId(text)).toBe(expected);
});

test('every beginning of an id passes, in any case', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 26 }), fc.infiniteStream(fc.boolean()), (now, length, upper) => {
      const prefix = newSessionId(now).slice(0, length);
      const typed = Array.from(prefix, (letter) => (upper.next().value ? letter : letter.toLowerCase())).join('');
      expect(parseIdOrPrefix(typed)).toBe(prefix);
    }),
  );
});

test('whatever passes is a plain word of the alphabet, typed in ASCII', () => {
  const hostile = fc.constantFrom('/', '..', '-', '\0', '\n', ' ', '٣', 'ſ', 'ﬀ', 'ı', 'K', '०', '%2f', '*', '~', '\\');
  const letters = fc.array(fc.oneof(fc.constantFrom(...ID), fc.string({ unit: 'binary', maxLength: 2 }), hostile));
  fc.assert(
    fc.property(letters, (parts) => {
      const text = parts.join('');
      const isWord = /^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{1,26}$/.test(text);
      if (isWord && (text.length < 26 || /^[0-7]/.test(text))) expect(parseIdOrPrefix(text)).toBe(text.toUpperCase());
      else expect(() => parseIdOrPrefix(text)).toThrow(expect.objectContaining({ reason: 'invalid-id' }));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['../../etc', '"../../etc"'],
  ['-rf', '"-rf"'],
  ['01M0/..', '"01M0/.."'],
  ['01M0\0', '"01M0\\u0000"'],
  ['01M0٣', '"01M0٣"'],
  ['ſ', '"ſ"'],
  [`8${ID.slice(1)}`, `"8${ID.slice(1)}"`],
  [`${ID}0`, `"${ID}0"`],
])('%j is refused with its own words', (text, got) => {
  expect(() => parseIdOrPrefix(text)).toThrow(`got ${got}`);
});

test('an empty word is refused and named', () => {
  expect(() => parseIdOrPrefix('')).toThrow('got an empty word');
});
