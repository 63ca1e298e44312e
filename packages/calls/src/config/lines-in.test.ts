import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesIn } from './lines-in.ts';

const PATH = ['kv_cache', 'provider_ttls', 'open ai'];

it.each<[string, readonly string[], number | undefined]>([
  ['[kv_cache]\nlong = 1\n', ['kv_cache', 'long'], 2],
  ['[ kv_cache ] # x\n\n  long=1\n', ['kv_cache', 'long'], 3],
  ['kv_cache.long = 1\n', ['kv_cache', 'long'], 1],
  ['kv_cache = { long = 1 }\n', ['kv_cache', 'long'], 1],
  ['[other]\nlong = 1\n[kv_cache]\nlong = 2\n', ['kv_cache', 'long'], 4],
  ['[kv_cache.provider_ttls]\n"open ai" = 1\n', PATH, 2],
  ["[kv_cache]\nprovider_ttls.'open ai' = 1\n", PATH, 2],
  ['["kv_cache"."provider_ttls"]\n"open ai" = 1\n', PATH, 2],
  ['[tools.codex]\nx = 1\n', ['tools'], 1],
  ['[a]\r\nb = 1\r\n', ['a', 'b'], 2],
  ['# kv_cache.long = 1\n', ['kv_cache', 'long'], undefined],
  ['longer = 1\n', ['long'], undefined],
  ['', ['a'], undefined],
  ['\n[a]\nc = 1\n', ['a', 'b'], 2],
  ['a.b.c.d.e = 1\n', ['a', 'b'], 1],
])('%j sets %j on line %s', (text, path, line) => {
  expect(linesIn(text)(path)).toBe(line);
});

it('is a line of the text, or none, whatever the text is', () => {
  const pieces = fc.constantFrom('[', ']', '"', "'", '=', '.', 'a', 'b', ' ', '\n', '\\', '{', '}');
  const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const line = linesIn(text)(['a', 'b']);
      expect(line === undefined || (line >= 1 && line <= text.split('\n').length)).toBe(true);
    }),
  );
});

it('searches a mebibyte of one long line', () => {
  for (const piece of ['a.', '"', '[', ' ', 'a']) {
    expect(linesIn(piece.repeat(500_000))(['x'])).toBeUndefined();
  }
});
