import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { threadTotal } from './thread-total.ts';

function count(total: object | null): string {
  const info = total === null ? null : { last_token_usage: { input_tokens: 7 }, total_token_usage: total };
  return JSON.stringify({ type: 'event_msg', payload: { type: 'token_count', info } });
}

const TOTAL = { input_tokens: 1_000, cached_input_tokens: 600, cache_write_input_tokens: 100, output_tokens: 20 };
const TOKENS = { input: 300, read: 600, write: 100, writeHour: 0, output: 20 };

function totalIn(text: string) {
  const path = join(temporaryDirectory(), 'rollout.jsonl');
  writeFileSync(path, text);
  return threadTotal(path);
}

it.each<[string, string[]]>([
  ['the last count', [count({ ...TOTAL, input_tokens: 9 }), count(TOTAL)]],
  ['the last one that tells it', [count(TOTAL), count(null)]],
  ['a count before lines of other kinds', [count(TOTAL), '{"type":"response_item","payload":{"type":"message"}}', '']],
  ['a count before a torn line', [count(TOTAL), count(TOTAL).slice(0, -20)]],
  ['a count far from the end', [count(TOTAL), JSON.stringify({ type: 'x', payload: 'y'.repeat(3 * 1024 * 1024) })]],
])('what a thread has used is told by %s', (_, lines) => {
  expect(totalIn(lines.join('\n'))).toEqual(TOKENS);
});

it.each<[string, string]>([
  ['an empty rollout', ''],
  ['garbage', '\0token_count"\n{"token_count"'],
  ['a count without a prompt', count({ cached_input_tokens: 1 })],
  ['a count of no numbers', count({ input_tokens: '7', cached_input_tokens: -1 })],
])('is not told by %s', (_, text) => {
  expect(totalIn(text)).toBeUndefined();
});

it('is not told by a file that is not there', () => {
  expect(threadTotal('/nowhere/rollout.jsonl')).toBeUndefined();
});
