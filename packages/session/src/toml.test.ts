import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RECORD_BYTES } from './reading.ts';
import { ownInteger, ownValue, parseToml, stringifyToml, TomlSyntaxError } from './toml.ts';

describe('a syntax error tells line and column, both counted from 1', () => {
  test.each([
    ['at the very beginning', '?', 1, 1],
    ['in the first line', 'a = ?', 1, 5],
    ['at the beginning of a later line', 'a = 1\n?', 2, 1],
    ['in a later line', 'a = 1\n\nb = ?', 3, 5],
    ['after a line that ends as on Windows', 'a = 1\r\nb = ?', 2, 5],
  ])('%s', (_what, text, line, column) => {
    const error = errorOf(text);
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.message).toMatch(new RegExp(` at line ${line}, column ${column}$`));
    expect(error.message).not.toMatch(/\n|row/);
  });
});

test('a byte-order mark is refused', () => {
  expect(() => parseToml('\uFEFFa = 1')).toThrow(TomlSyntaxError);
});

test('keys that name a part of every object are keys like any other', () => {
  const table = parseToml('__proto__ = 1\nconstructor = "c"\n[a.__proto__]\npolluted = true\n');
  expect(ownValue(table, '__proto__')).toBe(1);
  expect(ownValue(table, 'constructor')).toBe('c');
  expect(ownValue(ownValue(ownValue(table, 'a'), '__proto__'), 'polluted')).toBe(true);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('a key that a table does not have itself has no value', () => {
  const table = parseToml('[a]');
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'b']) {
    expect(ownValue(table, key)).toBeUndefined();
    expect(ownValue(ownValue(table, 'a'), key)).toBeUndefined();
  }
  for (const none of [undefined, null, 1, 'text']) expect(ownValue(none, 'length')).toBeUndefined();
});

describe('an integer is told from every other number', () => {
  test.each([
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    ['1_000', 1000],
    ['0x7f', 127],
    ['-0', 0],
    ['0.0', undefined],
    ['-0.0', undefined],
    ['1.0', undefined],
    ['1e2', undefined],
    ['inf', undefined],
    ['nan', undefined],
    ['9223372036854775807', undefined],
    ['18446744073709551616', undefined],
    ['"1"', undefined],
    ['true', undefined],
    ['[1]', undefined],
  ])('%s', (text, expected) => {
    expect(ownInteger(parseToml(`[t]\nx = 1.0\n[u]\nx = 1`), 'x')).toBeUndefined();
    expect(ownInteger(parseToml(`k = ${text}\n`), 'k')).toBe(expected);
  });
});

describe('a bomb of 1 MiB ends within 2 s, read or refused', () => {
  const half = MAX_RECORD_BYTES / 2;
  test.each([
    ['arrays that never close', `k = ${'['.repeat(MAX_RECORD_BYTES - 4)}`],
    ['arrays that close', `k = ${'['.repeat(half - 4)}${']'.repeat(half - 4)}`],
    ['inline tables', `k = ${'{a='.repeat(MAX_RECORD_BYTES / 3 - 4)}`],
    ['a dotted key', `${'a.'.repeat(half - 8)}a = 1`],
    ['a dotted header', `[${'a.'.repeat(half - 8)}a]`],
    ['many tables', Array.from({ length: 100_000 }, (_, i) => `[t${i}]`).join('\n')],
    ['many arrays of tables', '[[a]]\n'.repeat(MAX_RECORD_BYTES / 6)],
    ['a number', `k = ${'9'.repeat(MAX_RECORD_BYTES - 8)}`],
    ['a string', `k = "${'\\u0041'.repeat(MAX_RECORD_BYTES / 6 - 8)}"`],
  ])('%s', (_what, text) => {
    expect(text.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    // Of the processor's time, so that a busy machine makes no difference.
    const began = process.cpuUsage();
    try {
      parseToml(text);
    } catch (error) {
      expect(error).toBeInstanceOf(TomlSyntaxError);
    }
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
  });
});

test('a nesting that no record needs is refused, one that somebody might write is read', () => {
  const nested = (depth: number): string => `k = ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
  expect(() => parseToml(nested(10_000))).toThrow('nested too deeply at line 1, column');
  expect(() => parseToml(`k = ${'{a='.repeat(10_000)}1${'}'.repeat(10_000)}`)).toThrow('nested too deeply');
  expect(parseToml(nested(100))).toHaveProperty('k');
});

test('whatever a record holds is read back as it was written', () => {
  const text = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), hostileText()) });
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 4 }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b_c', 'd'), value), (record) => {
      expect({ ...parseToml(stringifyToml(record)) }).toEqual({ ...record });
    }),
    { numRuns: 1000 },
  );
});

test('half a surrogate pair is replaced, for it has no bytes', () => {
  const table = parseToml(Buffer.from(stringifyToml({ a: 'x\uD800y' })).toString());
  expect(ownValue(table, 'a')).toBe('x\uFFFDy');
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no integer and is not written', (number) => {
  expect(() => stringifyToml({ a: number })).toThrow('a is no integer');
});

function hostileText(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '"',
    '"""',
    "'",
    "'''",
    '\\',
    '\\u',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\u001B',
    '\u007F',
    '\u2028',
  );
}

function errorOf(text: string): TomlSyntaxError {
  try {
    parseToml(text);
  } catch (error) {
    if (error instanceof TomlSyntaxError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} is TOML`);
}
