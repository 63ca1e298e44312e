import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMIT, isInState, parseLimit, parseSince, parseStates, WANTED_STATES } from './session-filter.ts';

describe('--state', () => {
  it.each<[string[] | undefined, string[] | undefined]>([
    [undefined, undefined],
    [['alive'], ['alive']],
    [
      ['alive', 'dead'],
      ['alive', 'dead'],
    ],
    [
      ['alive,dead', 'failed'],
      ['alive', 'dead', 'failed'],
    ],
    [[' Alive , DEAD '], ['alive', 'dead']],
    [[...WANTED_STATES], [...WANTED_STATES]],
  ])('%j is %j', (words, states) => {
    const parsed = parseStates(words);
    expect(parsed === undefined ? undefined : [...parsed]).toEqual(states);
  });

  it.each([[''], ['alive,'], ['running'], ['alive dead']])('refuses %j', (word) => {
    expect(reasonOf(() => parseStates([word]))).toBe('bad-state');
  });

  it('knows what was meant', () => {
    expect(refusalOf(() => parseStates(['fail'])).message).toContain('Did you mean failed?');
    expect(refusalOf(() => parseStates(['running'])).message).toContain('alive, finished, dead, unknown');
  });
});

describe('a state that is asked for', () => {
  const SESSIONS = [
    { state: 'alive', exit: null },
    { state: 'dead', exit: null },
    { state: 'unknown', exit: null },
    { state: 'finished', exit: 0 },
    { state: 'finished', exit: 3 },
  ] as const;

  it.each([
    [undefined, SESSIONS],
    ['alive', [SESSIONS[0]]],
    ['dead', [SESSIONS[1]]],
    ['unknown', [SESSIONS[2]]],
    ['finished', [SESSIONS[3], SESSIONS[4]]],
    ['success', [SESSIONS[3]]],
    ['failed', [SESSIONS[4]]],
    ['alive,failed', [SESSIONS[0], SESSIONS[4]]],
  ])('%s is that of %j', (word, wanted) => {
    const states = parseStates(word === undefined ? undefined : [word]);
    expect(SESSIONS.filter((session) => isInState(session, { states }))).toEqual(wanted);
  });
});

describe('--since', () => {
  it('is so long ago', () => {
    expect(parseSince(undefined, 1_000_000)).toBeUndefined();
    expect(parseSince('90s', 1_000_000)).toBe(910_000);
  });

  it.each([
    ['yesterday', 'bad-duration'],
    ['0', 'out-of-range'],
    ['9999d', 'out-of-range'],
  ])('refuses %s', (text, reason) => {
    expect(reasonOf(() => parseSince(text, 0))).toBe(reason);
  });
});

describe('--limit', () => {
  it.each([
    [undefined, DEFAULT_LIMIT],
    ['1', { kind: 'newest', count: 1, andAlive: false }],
    ['999999999', { kind: 'newest', count: 999_999_999, andAlive: false }],
    ['all', { kind: 'all' }],
    ['ALL', { kind: 'all' }],
  ])('%s', (text, limit) => {
    expect(parseLimit(text)).toEqual(limit);
  });

  it.each([[''], ['0'], ['-1'], ['1.5'], ['ten'], ['9999999999'], ['1e3']])('refuses %j', (text) => {
    expect(reasonOf(() => parseLimit(text))).toBe('bad-limit');
  });
});
