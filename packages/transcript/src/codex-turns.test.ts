import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodexTurns } from './codex-turns.ts';
import { count, rolloutLine, second, told } from './transcripts.test.fixture.ts';

const words = (at: number, role = 'user') =>
  rolloutLine('response_item', at, { type: 'message', role, content: [{ type: 'input_text', text: 'secret' }] });
const call = (at: number) => rolloutLine('response_item', at, { type: 'function_call', name: 'shell' });
const output = (at: number) => rolloutLine('response_item', at, { type: 'function_call_output', output: 'secret' });
const context = (at: number, model: unknown) => rolloutLine('turn_context', at, { model });
const turns = (lines: readonly string[]) => told(new CodexTurns(), lines);

describe('a turn of Codex', () => {
  it('is told with the parts of its prompt that do not overlap', () => {
    const lines = [
      context(1, 'gpt-test'),
      words(2),
      call(3),
      count(9, { input: 100, cached: 70, write: 10, output: 8, total: 500 }),
    ];
    expect(turns(lines)).toEqual([
      {
        id: '500.100.70.8',
        startedAt: second(2),
        model: 'gpt-test',
        tokens: { input: 20, read: 70, write: 10, writeHour: 0, output: 8 },
      },
    ]);
  });

  it('may have read nothing, which tells of a cold cache', () => {
    expect(turns([count(1, { input: 100, cached: 0, total: 1 })])).toMatchObject([{ tokens: { input: 100, read: 0 } }]);
  });

  it.each<[string, readonly string[]]>([
    ['a count that is written again', [count(2, { input: 9, cached: 3, total: 5 })]],
    ['a count of nothing', [count(2, { input: 0, cached: 0, total: 6 })]],
    ['a count without any numbers', [rolloutLine('event_msg', 2, { type: 'token_count', info: null })]],
    ['numbers that are none', [count(2, { input: 'many', cached: {}, total: 6 })]],
    ['a line of another kind', [rolloutLine('compacted', 2, { type: 'token_count', info: {} })]],
    ['garbage', ['', 'null', '{', '\0', '{"payload":null}', '{"type":"event_msg","payload":[]}']],
  ])('is not made of %s', (_, more) => {
    expect(turns([count(1, { input: 9, cached: 3, total: 5 }), ...more])).toHaveLength(1);
  });

  it('has read no more than there was', () => {
    const [turn] = turns([count(1, { input: 9, cached: 30, write: 30, total: 5 })]);
    expect(turn?.tokens).toMatchObject({ input: 0, read: 9, write: 0 });
  });

  it('is no turn of this conversation when a sub-agent took it', () => {
    const meta = (source: unknown) => rolloutLine('session_meta', 0, { id: 't', source });
    const one = count(1, { input: 9, cached: 3, total: 5 });
    expect(turns([meta('cli'), one])).toHaveLength(1);
    expect(turns([meta({ subagent: 'review' }), meta('cli'), one])).toEqual([]);
  });

  it('has the model of the last context', () => {
    const one = count(3, { input: 9, cached: 3, total: 5 });
    expect(turns([context(1, 'a'), context(2, 'b'), one])[0]?.model).toBe('b');
    expect(turns([context(1, 'a'), context(2, 7), one])[0]?.model).toBe('a');
    expect(turns([one])[0]?.model).toBe('unknown');
  });
});

describe('its start', () => {
  const end = (at: number, total: number) => count(at, { input: 9, cached: 3, total });

  it.each<[string, readonly string[], number]>([
    ['the words that asked', [words(1), call(5), end(9, 1)], 1],
    ["the last tool's result", [words(1), call(5), end(6, 1), output(7), end(9, 2)], 7],
    ['what was there before the answer began', [words(1), call(5), output(6), end(9, 1)], 1],
    ['a result that was there before the count', [words(1), call(5), output(6), end(9, 1), call(12), end(13, 2)], 6],
    ['its own line at the latest', [words(20), end(9, 1)], 9],
    ['its own line, where nothing else is known', [end(9, 1)], 9],
    ['words, not those of the model', [words(1), words(5, 'assistant'), end(9, 1)], 1],
  ])('is the time of %s', (_, lines, at) => {
    expect(turns(lines).at(-1)?.startedAt).toBe(second(at));
  });
});

it('never throws, whatever the lines are', () => {
  const value = fc.jsonValue();
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    value.map((payload) => rolloutLine('event_msg', 1, { payload })),
    value.map((info) => rolloutLine('event_msg', 1, { type: 'token_count', info })),
    fc.tuple(value, value, value).map(([input, cached, total]) => count(1, { input, cached, total })),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const { tokens } of turns(lines)) {
        expect(Object.values(tokens).every((some) => Number.isSafeInteger(some) && some >= 0)).toBe(true);
      }
    }),
  );
});
