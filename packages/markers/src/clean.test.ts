import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText, lastCleanLine, truncateUtf8 } from './clean.ts';
import { hostileText } from './hostile-text.test.data.ts';
import { parseMarkers } from './marker.ts';

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const OPENING = /<!--\s*CSA:/i;

describe('a cleaned line', () => {
  it.each<[string, string, string]>([
    ['colours', '\u001b[1;31mred\u001b[0m \u001b[38:2::1:2:3mmore', 'red more'],
    ['8-bit sequences', '\u009b31mred \u009d0;title\u009ctext \u0090q1\u009cend', 'red text end'],
    ['a title (OSC), with either end', 'a\u001b]0;title\u0007b\u001b]0;title\u001b\\c', 'abc'],
    ['a link (OSC 8)', '\u001b]8;;http://x\u001b\\here\u001b]8;;\u001b\\', 'here'],
    [
      'device and application strings',
      'a\u001bPq#1\u001b\\b\u001b_x\u001b\\c\u001b^y\u001b\\d\u001bXz\u001b\\e',
      'abcde',
    ],
    ['other escapes', 'a\u001b7b\u001bcc\u001b(Bd\u001b#8e\u001b', 'abcde'],
    ['a sequence without an end', 'text \u001b]0;never ended', 'text 0;never ended'],
    ['a cut-off sequence', 'text\u001b[31', 'text'],
    ['other controls', 'a\u0000\u0007\u0008\u007f\u0085b', 'ab'],
    ['bidirectional controls', 'a\u202eb\u2066c\u2069\u200fd\u061ce', 'abcde'],
    ['zero-width characters and the mark', '\ufeffa\u200bb\u200dc\u2060d', 'abcd'],
    ['invisible copies of ASCII', 'a\u{e0041}\u{e0042}b', 'ab'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'abc'],
    ['all white space at once', ' a \t\r\n\v\f\u00a0 b\n', 'a b'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['a marker', 'x <!-- CSA:A k=1 --> y', 'x <!- - CSA:A k=1 --> y'],
    ['a marker over lines', '<!--\n\nCSA:A -->', '<!- - CSA:A -->'],
    ['other comments: they stay', '<!-- words --> ünï 🎉', '<!-- words --> ünï 🎉'],
  ])('has no %s', (_, text, clean) => {
    expect(cleanLine(text)).toBe(clean);
  });

  it('is cut at a character, the ellipsis counted in', () => {
    expect(cleanLine('abcdef', 6)).toBe('abcdef');
    expect(cleanLine('abcdefg', 6)).toBe('abc…');
    expect(cleanLine('🎉🎉', 7)).toBe('🎉…');
    expect(cleanLine('🎉🎉', 6)).toBe('…');
    expect(cleanLine('abc  defg', 7)).toBe('abc…');
    expect(cleanLine('abcdef', 2)).toBe('ab');
    expect(cleanLine('abcdef', 0)).toBe('');
  });

  it('holds no marker and no control, fits, and is clean already, whatever the text', () => {
    fc.assert(
      fc.property(hostileText(), fc.option(fc.nat(60), { nil: undefined }), (text, maxBytes) => {
        const line = cleanLine(text, maxBytes);
        expect(line).not.toMatch(CONTROL);
        expect(line).not.toMatch(OPENING);
        expect(parseMarkers(line)).toEqual([]);
        expect(line).toBe(line.trim());
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxBytes ?? Number.POSITIVE_INFINITY);
        expect(cleanLine(line, maxBytes)).toBe(line);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('a cleaned text', () => {
  it('keeps its lines and tabs', () => {
    expect(cleanText('a\tb\r\nc\rd\n\n\u001b[1m  e\v\f\0')).toBe('a\tb\nc\nd\n\n  e');
    expect(cleanText('<!-- CSA:A -->\n<!--\nCSA:B -->')).toBe('<!- - CSA:A -->\n<!- -\nCSA:B -->');
  });

  it('holds no marker and no control but these, and is clean already, whatever the text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const clean = cleanText(text);
        expect(clean.replace(/[\n\t]/g, '')).not.toMatch(CONTROL);
        expect(clean).not.toMatch(OPENING);
        expect(parseMarkers(clean)).toEqual([]);
        expect(cleanText(clean)).toBe(clean);
      }),
      { numRuns: 20_000 },
    );
  });

  it('takes time in proportion to the text, however hostile', () => {
    const parts = ['\0', '<\u001b', '<!--\u001b[  ', '\u001b]a', '\u009d', '<!-- CSA:', '<!--', ' ', '\u001b[1m'];
    for (const part of parts) expect(cleanText(part.repeat(200_000)).length).toBeLessThan(4_000_000);
  }, 20_000);
});

describe('truncating', () => {
  it.each<[string, number, string]>([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aü', 2, 'a'],
    ['a🎉', 4, 'a'],
    ['a🎉', 5, 'a🎉'],
    ['a\ud83c', 9, 'a\ufffd'],
    ['abc', -1, ''],
    ['', 0, ''],
  ])('%j to %i bytes', (text, maxBytes, result) => {
    expect(truncateUtf8(text, maxBytes)).toBe(result);
  });

  it('gives the longest beginning that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, maxBytes) => {
        const result = truncateUtf8(text, maxBytes);
        expect(text.startsWith(result)).toBe(true);
        expect(Buffer.byteLength(result)).toBeLessThanOrEqual(maxBytes);
        const next = text.slice(result.length, result.length + 2);
        const more = result + String.fromCodePoint(next.codePointAt(0) ?? 0x20);
        if (next !== '') expect(Buffer.byteLength(more)).toBeGreaterThan(maxBytes);
      }),
    );
  });
});

describe('the last line with something on it', () => {
  it.each([
    ['nothing', '', ''],
    ['blank lines only', ' \n\t\r\n', ''],
    ['blank lines at the end', 'a\nb\n \n\n', 'b'],
    ['a progress bar', '10%\r50%\r99%\r', '99%'],
    ['an unfinished line', 'a\nb', 'b'],
    ['escape sequences at the end', 'done\n\u001b[0m\u001b[2K\n', 'done'],
    ['a line longer than allowed', `a\n${'x'.repeat(100)}`, `${'x'.repeat(5)}…`],
  ])('of %s', (_what, text, line) => {
    expect(lastCleanLine(text, 8)).toBe(line);
  });
});
