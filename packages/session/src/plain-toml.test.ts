import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlainToml } from './plain-toml.ts';
import { parseAnyToml, stringifyToml, type TomlTable } from './toml.ts';

/** What the library reads; `undefined` for what it refuses. */
function library(text: string): TomlTable | undefined {
  try {
    return { ...parseAnyToml(text) };
  } catch {
    return undefined;
  }
}

test.each<readonly [text: string, table: TomlTable]>([
  ['', {}],
  ['a = ""\n', { a: '' }],
  ['status = "success"\nexit_code = 0\n', { status: 'success', exit_code: 0 }],
  ['a = -2147483648\nb = 999999999999999\n', { a: -2_147_483_648, b: 999_999_999_999_999 }],
  ['a = true\nb = false\n', { a: true, b: false }],
  ['a = []\nb = ["x"]\nc = ["", "y, z", "k=v"]\n', { a: [], b: ['x'], c: ['', 'y, z', 'k=v'] }],
  ['a = "[x] # = 測試 \u2028 😀"\n', { a: '[x] # = 測試 \u2028 😀' }],
  ['constructor = 1\n', { constructor: 1 }],
])('%j is read as the library reads it', (text, table) => {
  expect(parsePlainToml(text)).toEqual(table);
  expect(library(text)).toEqual(table);
});

describe('left to the library is', () => {
  test.each([
    ['a number of another form', 'a = +1\n'],
    ['minus zero', 'a = -0\n'],
    ['a leading zero', 'a = 01\n'],
    ['a number that may not be exact', 'a = 1234567890123456\n'],
    ['a float', 'a = 1.0\n'],
    ['a time', 'a = 2026-01-02T03:04:05Z\n'],
    ['an escape', 'a = "x\\ny"\n'],
    ['a tab', 'a = "x\ty"\n'],
    ['a control', 'a = "x\u007fy"\n'],
    ['a literal string', "a = 'x'\n"],
    ['a string of several lines', 'a = """x"""\n'],
    ['an array in another form', 'a = ["x","y"]\n'],
    ['an array of numbers', 'a = [1]\n'],
    ['a comment', 'a = 1 # one\n'],
    ['a blank line', 'a = 1\n\nb = 2\n'],
    ['a table', '[a]\nb = 1\n'],
    ['a dotted key', 'a.b = 1\n'],
    ['a key of every object', '__proto__ = 1\n'],
    ['a key that is there twice', 'a = 1\na = 1\n'],
    ['a line that is cut', 'a = 1\nb = 2'],
    ['the end of a line of Windows', 'a = 1\r\n'],
    ['a byte-order mark', '\uFEFFa = 1\n'],
    ['what stands behind', 'a = 1\n?'],
  ])('%s', (_what, text) => {
    expect(parsePlainToml(text)).toBeUndefined();
  });
});

/** Text that is nearly what is written here. */
function nearlyPlain(): fc.Arbitrary<string> {
  const text = fc.string({
    unit: fc.constantFrom('x', '\\', '"', '"""', '\t', '\u007f', '\u0085', 'ü', '😀', '#', ', '),
  });
  const number = fc.constantFrom(
    '0',
    '-0',
    '+1',
    '1_0',
    '07',
    '1e3',
    '1.5',
    '0x1f',
    '9'.repeat(15),
    '9'.repeat(16),
    'inf',
  );
  const quoted = fc.oneof(
    text.map((value) => `"${value}"`),
    text.map((value) => JSON.stringify(value)),
  );
  const array = fc.array(fc.oneof(quoted, number), { maxLength: 3 });
  const value = fc.oneof(
    quoted,
    number,
    fc.constantFrom('true', 'false', 'tru', '', "''"),
    array.map((some) => `[${some.join(', ')}]`),
  );
  const key = fc.constantFrom('a', 'b_c', 'd', '__proto__', 'toString', 'a.b', '"q"', ' e', '');
  const line = fc.tuple(
    key,
    fc.constantFrom(' = ', '=', ' =  '),
    value,
    fc.constantFrom('\n', '\n', '\n', '\r\n', '', ' \n'),
  );
  return fc
    .array(
      line.map((parts) => parts.join('')),
      { maxLength: 4 },
    )
    .map((lines) => lines.join(''));
}

test('whatever is read at all is what the library reads', () => {
  let read = 0;
  fc.assert(
    fc.property(nearlyPlain(), (text) => {
      const plain = parsePlainToml(text);
      if (plain === undefined) return;
      read += 1;
      expect(plain).toEqual(library(text));
    }),
    { numRuns: 5_000 },
  );
  expect(read).toBeGreaterThan(100);
});

test('what this project writes without escapes is never left to the library', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\p{Cc}"\\]/u.test(value));
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 4 }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b_c', 'd'), value), (record) => {
      expect(parsePlainToml(stringifyToml(record))).toEqual({ ...record });
    }),
    { numRuns: 1_000 },
  );
});
