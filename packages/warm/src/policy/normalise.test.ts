import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseUsage } from './normalise.ts';
import { promptTokens, type Usage } from './usage.ts';

const usageOf = (
  input: number | null,
  read: number | null,
  write: number | null,
  rest: Partial<Usage> = {},
): Usage => ({
  input,
  read,
  write,
  writeHour: write === 0 ? 0 : null,
  output: 7,
  ...rest,
});

const ANTHROPIC = {
  input_tokens: 3,
  cache_creation_input_tokens: 500,
  cache_read_input_tokens: 90_000,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 400 },
  output_tokens: 7,
};
const CHAT = {
  prompt_tokens: 10_339,
  completion_tokens: 7,
  total_tokens: 10_346,
  prompt_tokens_details: { cached_tokens: 10_318, cache_write_tokens: 0 },
};

/** Each shape as its provider documents it, and what it says. */
test.each<[string, unknown, Usage]>([
  ['Anthropic', ANTHROPIC, usageOf(3, 90_000, 500, { writeHour: 400 })],
  [
    'Anthropic without the tiers',
    { input_tokens: 3, cache_creation_input_tokens: 500, cache_read_input_tokens: 0, output_tokens: 7 },
    usageOf(3, 0, 500),
  ],
  [
    'Anthropic with nothing but the tiers',
    { ...ANTHROPIC, cache_creation_input_tokens: null },
    usageOf(3, 90_000, 500, { writeHour: 400 }),
  ],
  [
    'Anthropic that says nothing of the write: the whole prompt is unknown then',
    { input_tokens: 3, cache_read_input_tokens: 90_000, output_tokens: 7 },
    usageOf(null, 90_000, null),
  ],
  [
    'Anthropic, a pre-warm without an answer',
    { ...ANTHROPIC, output_tokens: 0 },
    usageOf(3, 90_000, 500, { writeHour: 400, output: 0 }),
  ],
  ['OpenAI chat', CHAT, usageOf(21, 10_318, 0, { writeHour: null })],
  [
    'OpenAI chat of an older model, which counts no writes',
    { prompt_tokens: 2006, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 1920 } },
    usageOf(86, 1920, null),
  ],
  [
    'OpenAI responses',
    {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 600, cache_write_tokens: 300 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 5 },
    },
    usageOf(100, 600, 300),
  ],
  [
    'a proxy that words Anthropic as OpenAI',
    {
      prompt_tokens: 2006,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 1920 },
      cache_creation_input_tokens: 50,
    },
    usageOf(36, 1920, 50),
  ],
  [
    'Codex',
    { type: 'turn.completed', usage: { input_tokens: 24_763, cached_input_tokens: 24_448, output_tokens: 7 } },
    usageOf(315, 24_448, null),
  ],
  [
    'Codex that counts writes',
    { input_tokens: 1000, cached_input_tokens: 600, cache_write_input_tokens: 300, output_tokens: 7 },
    usageOf(100, 600, 300),
  ],
  [
    'Gemini',
    {
      usageMetadata: {
        promptTokenCount: 5000,
        cachedContentTokenCount: 4000,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 2,
      },
    },
    usageOf(1000, 4000, null),
  ],
  [
    'Gemini in the words of its Python library',
    { usage_metadata: { prompt_token_count: 5000, cached_content_token_count: 4000, candidates_token_count: 7 } },
    usageOf(1000, 4000, null),
  ],
  [
    'DeepSeek',
    { prompt_tokens: 100, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36, completion_tokens: 7 },
    usageOf(36, 64, null),
  ],
  [
    'Bedrock',
    {
      inputTokens: 3,
      outputTokens: 7,
      totalTokens: 1010,
      cacheReadInputTokens: 900,
      cacheWriteInputTokens: 100,
      cacheDetails: [
        { ttl: '1h', inputTokens: 40 },
        { ttl: '5m', inputTokens: 60 },
      ],
    },
    usageOf(3, 900, 100, { writeHour: 40 }),
  ],
  [
    'Claude Code',
    {
      type: 'result',
      subtype: 'success',
      total_cost_usd: 0.03,
      usage: { ...ANTHROPIC, service_tier: 'standard' },
      modelUsage: {},
    },
    usageOf(3, 90_000, 500, { writeHour: 400 }),
  ],
  [
    'Claude Code, all its events',
    [
      { type: 'system' },
      { type: 'assistant', message: { usage: { ...ANTHROPIC, cache_read_input_tokens: 1 } } },
      { type: 'result', usage: ANTHROPIC },
    ],
    usageOf(3, 90_000, 500, { writeHour: 400 }),
  ],
  [
    'an event that holds a response',
    { type: 'response.completed', response: { id: 'a', usage: CHAT } },
    usageOf(21, 10_318, 0, { writeHour: null }),
  ],
])('the usage of %s is understood', (_, raw, usage) => {
  expect(normaliseUsage(raw)).toEqual(usage);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', '{"cache_read_input_tokens":5}'],
  ['a number', 5],
  ['an empty list', []],
  ['an empty object', {}],
  ['usage without a word on the cache', { usage: { input_tokens: 5, output_tokens: 7 } }],
  ['Gemini without a hit, which it leaves out', { usageMetadata: { promptTokenCount: 5000, candidatesTokenCount: 7 } }],
  [
    'usage that is hidden too deep',
    { message: { message: { message: { message: { message: { usage: ANTHROPIC } } } } } },
  ],
  ['counts of an object it inherits', { usage: Object.create({ cache_read_input_tokens: 5 }) }],
])('%s says nothing of the cache, which is no zero', (_, raw) => {
  expect(normaliseUsage(raw)).toBeNull();
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '90000', 1e12, null, true, {}, [5]])(
  '%j is no count',
  (bad) => {
    expect(normaliseUsage({ ...ANTHROPIC, cache_read_input_tokens: bad })).toBeNull();
    expect(normaliseUsage({ ...ANTHROPIC, input_tokens: bad })?.input).toBeNull();
    expect(normaliseUsage({ ...ANTHROPIC, output_tokens: bad })?.output).toBeNull();
    expect(normaliseUsage({ ...ANTHROPIC, cache_creation: { ephemeral_1h_input_tokens: bad } })?.writeHour).toBeNull();
    expect(normaliseUsage({ ...CHAT, prompt_tokens: bad })?.input).toBeNull();
  },
);

test('parts that are larger than their whole contradict it, and prove no hit', () => {
  expect(normaliseUsage({ prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 101 } })).toBeNull();
  expect(
    normaliseUsage({ prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 41 } }),
  ).toBeNull();
  expect(normaliseUsage({ ...ANTHROPIC, cache_creation: { ephemeral_1h_input_tokens: 501 } })?.writeHour).toBeNull();
});

test('overlapping counts are separated: the parts make up the prompt', () => {
  const count = fc.integer({ min: 0, max: 300_000_000 });
  fc.assert(
    fc.property(count, count, count, (input, read, write) => {
      const total = input + read + write;
      const details = { cached_tokens: read, cache_write_tokens: write };
      for (const raw of [
        { prompt_tokens: total, prompt_tokens_details: details },
        { input_tokens: total, input_tokens_details: details },
        { inputTokens: input, cacheReadInputTokens: read, cacheWriteInputTokens: write },
        { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: write },
      ]) {
        const usage = normaliseUsage(raw);
        expect(usage).toMatchObject({ input, read, write });
        expect(usage && promptTokens(usage)).toBe(total);
      }
    }),
  );
});

test('whatever a program prints is read without a throw, and every count is null or a whole number', () => {
  const names = [
    'usage',
    'message',
    'response',
    ...Object.keys(ANTHROPIC),
    ...Object.keys(CHAT),
    'inputTokens',
    'promptTokenCount',
  ];
  const hostile = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.anything(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
    ),
  })).value;
  fc.assert(
    fc.property(hostile, (raw) => {
      const usage = normaliseUsage(raw);
      for (const count of Object.values(usage ?? {}))
        expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
