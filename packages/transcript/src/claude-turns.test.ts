import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaudeTurns } from './claude-turns.ts';
import { type AnswerDetail, answer, prompt, second, told } from './transcripts.test.fixture.ts';

const HOUR = answer('h', { written: { hour: 5_000 } });
const FIVE = answer('f', { written: { five: 300 } });
const ids = (lines: readonly string[]) => told(new ClaudeTurns(), lines).map(({ id }) => id);
const last = (lines: readonly string[]) => told(new ClaudeTurns(), lines).at(-1);

describe('a turn', () => {
  it('is told with its tokens, its model and its tier', () => {
    const line = answer('a', { at: 9, input: 1, read: 40_000, written: { hour: 200, five: 30 }, output: 8 });
    expect(told(new ClaudeTurns(), [line])).toEqual([
      {
        id: 'a',
        startedAt: second(9),
        model: 'claude-test-1',
        tokens: { input: 1, read: 40_000, write: 230, writeHour: 200, output: 8 },
        tier: '1h',
      },
    ]);
  });

  it('says nothing of what was said in it', () => {
    const lines = [prompt('u', 1), answer('a', { at: 2, parent: 'u', read: 5 }), answer('b', { at: 3, read: 5 })];
    expect(JSON.stringify(told(new ClaudeTurns(), lines))).not.toContain('secret');
  });

  it('is one however many lines its answer has, and the last of them counts', () => {
    const lines = [
      prompt('u', 1),
      answer('a', { at: 2, parent: 'u', read: 5, output: 1 }),
      prompt('result', 3),
      answer('a', { at: 4, parent: 'result', read: 5, output: 90 }),
      answer('b', { at: 5, parent: 'result', read: 6 }),
      answer('a', { at: 6, read: 5, output: 91 }),
    ];
    expect(told(new ClaudeTurns(), lines)).toMatchObject([
      { id: 'a', startedAt: second(1), tokens: { output: 90 } },
      { id: 'b', startedAt: second(3) },
    ]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['a side conversation', [FIVE, answer('x', { read: 9, more: { isSidechain: true } })], ['f']],
    ['an API error', [FIVE, answer('x', { read: 9, more: { isApiErrorMessage: true } })], ['f']],
    ['a made-up answer', [FIVE, answer('x', { read: 9, message: { model: '<synthetic>' } })], ['f']],
    ['an answer without any cache', [FIVE, answer('x')], ['f']],
    ['no id', [FIVE, answer('x', { read: 9, message: { id: 7 } })], ['f']],
    ['an endless id', [FIVE, answer('x'.repeat(300), { read: 9 })], ['f']],
    ['no time', [FIVE, answer('x', { read: 9, more: { timestamp: undefined } })], ['f']],
    ['words as the time', [FIVE, answer('x', { read: 9, more: { timestamp: 'yesterday' } })], ['f']],
    ['no usage', [FIVE, answer('x', { message: { usage: null } })], ['f']],
    ['an array as the message', [FIVE, answer('x', { read: 9, more: { message: [] } })], ['f']],
    ['numbers that are none', [FIVE, answer('x', { read: 'many', written: { hour: -1, five: 1.5 } })], ['f']],
    ['numbers beyond counting', [FIVE, answer('x', { read: 1e300 })], ['f']],
    ['a torn last line', [FIVE, HOUR.slice(0, -4)], ['f']],
    ['a torn first line', [HOUR.slice(40), FIVE], ['f']],
    ['lines of other kinds', ['', 'null', '[]', '7', '"x"', '{}', '\0\0', '{"type":"user"}', FIVE], ['f']],
    ['nothing', [], []],
  ])('is not made of %s', (_, lines, expected) => {
    expect(ids(lines)).toEqual(expected);
  });

  it('has no model where none is named in earnest', () => {
    for (const model of [7, '', 'x'.repeat(200), 'a b', '\u001b[31m', '<!-- CSA:X -->', { a: 1 }, undefined]) {
      expect(last([answer('x', { read: 1, message: { model } })])?.model).toBe('unknown');
    }
  });
});

describe('its start', () => {
  const detail: AnswerDetail = { at: 50, read: 1 };

  it.each<[string, readonly string[], number]>([
    ['the line that it names as its parent', [prompt('u', 10), answer('a', { ...detail, parent: 'u' })], 10],
    [
      'its parent, although something was typed since',
      [prompt('u', 10), prompt('queued', 30), answer('a', { ...detail, parent: 'u' })],
      10,
    ],
    [
      'a parent of another kind',
      [prompt('u', 10), prompt('x', 12, { type: 'attachment' }), answer('a', { ...detail, parent: 'x' })],
      12,
    ],
    ['the last prompt, where its parent is unknown', [prompt('u', 10), prompt('v', 20), answer('a', detail)], 20],
    [
      'no line of another kind that it does not name',
      [prompt('u', 10), prompt('x', 30, { type: 'system' }), answer('a', detail)],
      10,
    ],
    [
      'no line of a side conversation',
      [prompt('u', 10), prompt('s', 30, { isSidechain: true }), answer('a', detail)],
      10,
    ],
    ['its own line at the latest', [prompt('u', 60), answer('a', { ...detail, parent: 'u' })], 50],
    ['its own line, where nothing else is known', [answer('a', detail)], 50],
  ])('is the time of %s', (_, lines, at) => {
    expect(last(lines)?.startedAt).toBe(second(at));
  });

  it('is never later than its first line', () => {
    const line = fc.record({ at: fc.nat(1_000), kind: fc.constantFrom('u', 'v', 'a', 'b') });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (story) => {
        const first = new Map<string, number>();
        for (const { at, kind } of story) if (kind < 'u' && !first.has(kind)) first.set(kind, at);
        const lines = story.map(({ at, kind }) =>
          kind < 'u' ? answer(kind, { at, read: 1, parent: 'u' }) : prompt(kind, at),
        );
        for (const turn of told(new ClaudeTurns(), lines)) {
          expect(turn.startedAt).toBeLessThanOrEqual(second(first.get(turn.id) ?? -1));
        }
      }),
    );
  });
});

describe('its tier', () => {
  it.each<[string, readonly string[], '1h' | '5m' | undefined]>([
    ['an hour', [HOUR], '1h'],
    ['five minutes', [FIVE], '5m'],
    ['both', [answer('x', { written: { hour: 1, five: 1 } })], '1h'],
    ['an hour after five minutes', [FIVE, HOUR], '1h'],
    ['five minutes after an hour', [HOUR, FIVE], '5m'],
    ['nothing, after an hour', [HOUR, answer('x', { read: 9 })], '1h'],
    ['nothing ever', [answer('x', { read: 9 })], undefined],
    ['nobody tells for how long', [answer('x', { message: { usage: { cache_creation_input_tokens: 9 } } })], '5m'],
  ])('with writes for %s', (_, lines, tier) => {
    expect(last(lines)?.tier).toBe(tier);
  });
});

it('never throws, whatever the lines are', () => {
  const value = fc.jsonValue();
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ type: fc.constant('assistant'), message: value, timestamp: value, isSidechain: value })
      .map((entry) => JSON.stringify(entry)),
    value.map((usage) => answer('x', { message: { usage } })),
    value.map((split) => answer('y', { message: { usage: { cache_creation: split } } })),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const { tokens, startedAt } of told(new ClaudeTurns(), lines)) {
        expect(Object.values(tokens).every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
        expect(startedAt).toBeGreaterThan(0);
      }
    }),
  );
});
