import { describe, expect, it } from 'vitest';
import type { PromptBlock, Tier } from './messages-request.ts';
import { type CacheUse, minPrefixOf, PrefixCache } from './prefix-cache.ts';

/** Blocks of 1,000 tokens, one for each letter; `!` after one marks it for 5 minutes, `^` for an hour. */
function prompt(letters: string): PromptBlock[] {
  const tiers: Record<string, Tier> = { '!': '5m', '^': '1h' };
  return Array.from(letters.matchAll(/([a-z])([!^]?)/gi), ([, text = '', mark = '']) => {
    const breakpoint = tiers[mark];
    return { text, tokens: 1_000, ...(breakpoint !== undefined && { breakpoint }) };
  });
}

/** What one request reads, writes and pays in full; it is answered at once. */
function ask(cache: PrefixCache, letters: string, { at = 0, scope = 'model', minTokens = 1_024 } = {}): CacheUse {
  const { use, keep } = cache.look({ scope, blocks: prompt(letters), minTokens }, at);
  keep();
  return use;
}

const use = (read: number, write: number, input: number, writeHour = 0): CacheUse => ({
  input: input * 1_000,
  read: read * 1_000,
  write: write * 1_000,
  writeHour: writeHour * 1_000,
});

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

describe('a second request', () => {
  it.each([
    ['the same', 'abc!', 'abc!', use(3, 0, 0)],
    ['with more at its end', 'abc!', 'abcd', use(0, 0, 4)],
    ['with more at its end and a mark there', 'abc!', 'abcd!', use(3, 1, 0)],
    ['with the old mark and more', 'abc!', 'abc!de', use(3, 0, 2)],
    ['with another beginning', 'abc!', 'xbc!', use(0, 3, 0)],
    ['with another middle after a mark', 'ab!c!', 'ab!x!', use(2, 1, 0)],
    ['with another middle and no mark before it', 'abc!', 'abx!', use(0, 3, 0)],
    ['shorter, where no mark was', 'abc!', 'ab!', use(0, 2, 0)],
    ['without marks', 'abc!', 'abc', use(0, 0, 3)],
    ['of the tier of an hour', 'abc!', 'xy^', use(0, 2, 0, 2)],
    ['of both tiers', 'q!', 'ab^cd!', use(0, 4, 0, 2)],
    ['of both tiers with the first one known', 'ab^', 'ab^cd!e', use(2, 2, 1)],
    ['19 blocks after the mark', 'ab!', `ab${ALPHABET.slice(2, 21)}!`, use(2, 19, 0)],
    ['20 blocks after the mark', 'ab!', `ab${ALPHABET.slice(2, 22)}!`, use(0, 22, 0)],
    ['20 blocks after the mark, marked on the way', 'ab!', `abcdefgh!${ALPHABET.slice(8, 22)}!`, use(2, 20, 0)],
    ['below the minimum', 'a!', 'a!', use(0, 0, 1)],
    ['below the minimum at its first mark only', 'a!b!', 'a!b!', use(2, 0, 0)],
    ['below the minimum at a mark of which more follows', 'a!', 'a!b', use(0, 0, 2)],
  ])('%s', (_, first, second, expected) => {
    const cache = new PrefixCache();
    ask(cache, first);
    expect(ask(cache, second)).toEqual(expected);
  });

  it('of another scope shares nothing', () => {
    const cache = new PrefixCache();
    ask(cache, 'abc!', { scope: 'one' });
    expect(ask(cache, 'abc!', { scope: 'another' })).toEqual(use(0, 3, 0));
  });

  it.each([
    ['5m', 'abc!', 299_999, 3],
    ['5m', 'abc!', 300_000, 0],
    ['1h', 'abc^', 3_599_999, 3],
    ['1h', 'abc^', 3_600_000, 0],
  ])('of tier %s (%s) after %i ms reads %i blocks', (_, letters, at, read) => {
    const cache = new PrefixCache();
    ask(cache, letters);
    expect(ask(cache, letters, { at }).read).toBe(read * 1_000);
  });
});

it('a read renews for the life that was paid for, and with it all that it goes over', () => {
  const cache = new PrefixCache();
  ask(cache, 'ab!c!');
  expect(ask(cache, 'ab!c!', { at: 200_000 })).toEqual(use(3, 0, 0));
  expect(ask(cache, 'ab!x!', { at: 499_999 })).toEqual(use(2, 1, 0));
  expect(ask(cache, 'ab!c!', { at: 500_000 })).toEqual(use(2, 1, 0));
});

it('what a request writes is there when it is answered, and not before', () => {
  const cache = new PrefixCache();
  const blocks = prompt('abc!');
  const first = cache.look({ scope: 'model', blocks, minTokens: 1_024 }, 0);
  expect(cache.look({ scope: 'model', blocks, minTokens: 1_024 }, 1).use.read).toBe(0);
  first.keep();
  expect(cache.look({ scope: 'model', blocks, minTokens: 1_024 }, 2).use.read).toBe(3_000);
});

it('an evicted cache is empty', () => {
  const cache = new PrefixCache();
  ask(cache, 'abc!');
  cache.evict();
  expect(ask(cache, 'abc!').read).toBe(0);
});

it.each([
  ['claude-haiku-4-5-20251001', 4_096],
  ['claude-sonnet-4-5', 1_024],
  ['whatever', 1_024],
])('the minimum of %s is %i', (model, tokens) => {
  expect(minPrefixOf(model)).toBe(tokens);
});
