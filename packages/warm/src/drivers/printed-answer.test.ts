import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrinted } from './printed-answer.ts';

const counts = { input_tokens: 3, cache_read_input_tokens: 9_000, cache_creation_input_tokens: 5, output_tokens: 2 };
const used = { input: 3, read: 9_000, write: 5, output: 2 };
const line = (...objects: unknown[]) => objects.map((object) => JSON.stringify(object)).join('\n');

describe('the answer of a program', () => {
  it.each([
    ['the counts themselves', line(counts)],
    ['an object that holds them', line({ usage: counts })],
    ['an event that holds a message', line({ type: 'assistant', message: { usage: counts } })],
    ['a document over many lines', JSON.stringify({ usage: counts }, null, 2)],
    ['an array of events', JSON.stringify([{ type: 'system' }, { type: 'result', usage: counts }])],
    ['the last of many lines', line({ usage: { ...counts, cache_read_input_tokens: 1 } }, { usage: counts })],
    ['a line before others without counts', line({ usage: counts }, { type: 'done' }, 7, null, ['x'])],
    ['a line among whatever else', `starting...\n${line({ usage: counts })}\r\nbye {`],
    ['a line after an error that passed', line({ type: 'error', message: 'reconnecting' }, { usage: counts })],
    ['one that names no error', line({ error: null, is_error: false, usage: counts })],
  ])('is %s', (_, stdout) => {
    expect(readPrinted(stdout)).toEqual({ kind: 'usage', usage: expect.objectContaining(used) });
  });

  it.each([
    [0.012345678912, 12_345_679],
    [0, 0],
    [12, 12_000_000_000],
  ])('may name its cost: %d dollars are %i billionths', (dollars, cost) => {
    expect(readPrinted(line({ cost_usd: dollars, usage: counts }))).toMatchObject({ cost });
  });

  it('has no cost of its own where a total of the whole conversation stands', () => {
    expect(readPrinted(line({ total_cost_usd: 0.5, usage: counts }))).not.toHaveProperty('cost');
  });

  it.each([-1, '0.1', null, 1e300])('names no cost with %j', (dollars) => {
    expect(readPrinted(line({ cost_usd: dollars, usage: counts }))).not.toHaveProperty('cost');
  });

  it.each(['{}', '{"result":"ok"}', '[{"type":"system"}]'])('says nothing of usage with %s', (stdout) => {
    expect(readPrinted(stdout)).toEqual({ kind: 'usage', usage: null });
  });

  it.each(['', '\n', 'ok', 'null', '42', '[]', '["usage"]', '{"usage":'])('is none with %j', (stdout) => {
    expect(readPrinted(stdout)).toEqual({ kind: 'nothing' });
  });
});

describe('an error', () => {
  it.each([
    [
      { type: 'error', message: 'secret' },
      { type: undefined, retryable: true },
    ],
    [
      { type: 'turn.failed', error: { type: 'overloaded_error' } },
      { type: 'overloaded_error', retryable: true },
    ],
    [
      { error: 'rate_limit_error', retry_after_ms: 1_500.2 },
      { type: 'rate_limit_error', retryAfterMs: 1_501 },
    ],
    [
      { error: true, retryable: false },
      { type: true, retryable: false },
    ],
    [
      { is_error: true, api_error_status: 429, usage: counts },
      { status: 429, retryable: true },
    ],
    [
      { is_error: true, api_error_status: 200 },
      { type: undefined, retryable: true },
    ],
    [
      { is_error: true, retry_after_ms: -1 },
      { type: undefined, retryable: true },
    ],
  ])('is read from %j', (object, error) => {
    expect(readPrinted(line({ usage: counts }, object))).toEqual({
      kind: 'error',
      error: expect.objectContaining(error),
    });
  });

  it('of which Claude Code calls it one that its turn is over is none where the request says what it read', () => {
    const over = { type: 'result', subtype: 'error_max_turns', is_error: true };
    expect(readPrinted(line({ ...over, usage: counts }))).toMatchObject({ kind: 'usage', isTurnOver: true });
    expect(readPrinted(line(over))).toMatchObject({ kind: 'error' });
  });
});

it('whatever a program prints, it is read', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((object) => JSON.stringify(object)),
        ),
      ),
      (lines) => {
        expect(['usage', 'error', 'nothing']).toContain(readPrinted(lines.join('\n')).kind);
      },
    ),
  );
});
