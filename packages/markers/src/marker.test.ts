import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, formatMarker, parseMarkers } from './marker.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

describe('a marker', () => {
  it('is one line, with quotes only where they are needed, attributes in the order given', () => {
    const cmd = 'csa session wait 01M0';
    const marker = formatMarker('SESSION_WAIT_KV_WARM', [
      ['session', ID],
      ['status', 'alive'],
      ['elapsed', '110s'],
      ['cmd', cmd],
      ['reason', undefined],
      ['idle', 4],
      ['synthetic', false],
      ['empty', ''],
      ['dir', '/a/b@c:d+e,f%g_h-i'],
    ]);
    expect(marker).toBe(
      `<!-- CSA:SESSION_WAIT_KV_WARM session=${ID} status=alive elapsed=110s cmd="${cmd}" idle=4 synthetic=false ` +
        'empty="" dir=/a/b@c:d+e,f%g_h-i -->',
    );
    expect(parseMarkers(marker)[0]?.attributes.get('cmd')).toBe(cmd);
  });

  it('may have no attributes', () => {
    expect(formatMarker('A', [])).toBe('<!-- CSA:A -->');
    expect(parseMarkers('<!-- CSA:A -->')).toEqual([{ name: 'A', attributes: new Map() }]);
  });

  it.each<[string, string, string]>([
    ['the four that could end a value or the marker', `&"<>`, '"&amp;&quot;&lt;&gt;"'],
    ['an end of a comment', 'a --> b', '"a --&gt; b"'],
    ['what looks escaped already', '&amp;', '"&amp;amp;"'],
    ['an equals sign', 'a=b', '"a=b"'],
    ['controls, which are dropped', 'a\n\0b\u001b[31m\u009bc\u2028\u2029\u007f', '"ab[31mc"'],
    ['a lone surrogate', 'a\ud800', '"a\ufffd"'],
    ['what is not ASCII', 'ü', '"ü"'],
  ])('escapes %s', (_, value, written) => {
    expect(formatMarker('A', [['k', value]])).toBe(`<!-- CSA:A k=${written} -->`);
  });

  it.each<[string, string[]]>([
    ['a', []],
    ['', []],
    ['1A', []],
    ['A B', []],
    ['A\n', []],
    ['A', ['K']],
    ['A', ['']],
    ['A', ['a-b']],
    ['A', ['a b']],
    ['A', ['a\n']],
    ['A', ['a', 'a']],
  ])('refuses the name %j with the keys %j', (name, keys) => {
    expect(() =>
      formatMarker(
        name,
        keys.map((key) => [key, 'x']),
      ),
    ).toThrow(TypeError);
  });
});

describe('reading', () => {
  it('takes markers that are whole lines, in order', () => {
    const text = 'words\n  <!-- CSA:A k=1 -->\t\r\n<!-- CSA:B -->\nmore <!-- CSA:C -->\n<!-- CSA:D --> more\n';
    expect(parseMarkers(text).map((marker) => marker.name)).toEqual(['A', 'B']);
  });

  it.each([
    '<!-- CSA:A k=1-->',
    '<!--CSA:A -->',
    '<!--  CSA:A -->',
    '<!-- csa:A -->',
    '<!-- CSA:a -->',
    '<!-- CSA:A k -->',
    '<!-- CSA:A k= -->',
    '<!-- CSA:A k=a b -->',
    '<!-- CSA:A k="a -->',
    '<!-- CSA:A k="a"b -->',
    '<!-- CSA:A k="a"b=c -->',
    '<!-- CSA:A k="<" -->',
    '<!-- CSA:A k=1  l=2 -->',
    '<!-- CSA:A k=1 k=2 -->',
    '<!-- CSA:A k="\u0007" -->',
    '<!-- CSA:A --> <!-- CSA:B -->',
  ])('passes over %j', (line) => {
    expect(parseMarkers(line)).toEqual([]);
  });
});

describe('for every name, key and value', () => {
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), hostile());
  const attributes = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), values), {
    selector: ([key]) => key,
    maxLength: 6,
  });
  const names = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/);

  it('what was written is read again, less its controls', () => {
    fc.assert(
      fc.property(names, attributes, (name, given) => {
        const [marker, ...others] = parseMarkers(`before\n${formatMarker(name, given)}\nafter`);
        const printable = given.map(([key, value]) => [key, value.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '')] as const);
        expect(others).toEqual([]);
        expect(marker).toEqual({ name, attributes: new Map(printable) });
      }),
      { numRuns: 3000 },
    );
  });

  it('a marker is one line with one opening, one end and no control', () => {
    const anyValue = fc.oneof<fc.Arbitrary<AttributeValue>[]>(
      values,
      fc.integer(),
      fc.boolean(),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(anyValue, anyValue, (first, second) => {
        const marker = formatMarker('A', [
          ['a', first],
          ['b', second],
        ]);
        expect(marker).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(marker.split('<!--')).toHaveLength(2);
        expect(marker.split('-->')).toHaveLength(2);
      }),
      { numRuns: 3000 },
    );
  });
});

function hostile(): fc.Arbitrary<string> {
  const pieces = [
    '<!--',
    '-->',
    ' ',
    'CSA:A',
    '"',
    '&',
    '&quot;',
    '=',
    '\n',
    '\r',
    '\0',
    '\u001b[',
    '\u2028',
    "'",
    'k=1',
  ];
  return fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
}

it('puts a value into quotes that needs none, for readers that look for them', () => {
  const line = formatMarker('X', [['a', { quoted: 'b' }]]);
  expect(line).toBe('<!-- CSA:X a="b" -->');
  expect(parseMarkers(line)[0]?.attributes.get('a')).toBe('b');
});
