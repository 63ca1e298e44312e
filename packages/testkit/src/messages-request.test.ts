import { describe, expect, it } from 'vitest';
import { conversationBody } from './conversation.ts';
import { InvalidRequest, readMessagesRequest } from './messages-request.ts';

const read = (body: object) => readMessagesRequest(JSON.stringify(body));
const texts = (body: object) => read(body).blocks.map(({ text }) => text);
const base = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'hello' }] };
const mark = { cache_control: { type: 'ephemeral' } };
const part = (text: string, more = {}) => ({ type: 'text', text, ...more });

describe('a prompt', () => {
  it('has its tools first, then the system, then the messages', () => {
    const body = { ...base, system: 'be brief', tools: [{ name: 'bash' }] };
    expect(texts(body).map((text) => text.split(' ')[0])).toEqual(['tool', 'system', '["user",{}]']);
  });

  it('is the same with a text as with one block of it', () => {
    const blocks = { ...base, system: [part('s')], messages: [{ role: 'user', content: [part('hello')] }] };
    expect(texts(blocks)).toEqual(texts({ ...base, system: 's' }));
  });

  it('is the same wherever it is marked, and another when anything else changes', () => {
    const marked = { ...base, messages: [{ role: 'user', content: [part('hello', mark)] }] };
    expect(texts(marked)).toEqual(texts(base));
    expect(texts({ ...base, messages: [{ role: 'assistant', content: 'hello' }] })).not.toEqual(texts(base));
    expect(texts({ ...base, tool_choice: { type: 'any' } })).not.toEqual(texts(base));
  });

  it('is marked at its last block by a mark of the whole request', () => {
    const { blocks } = read({ ...base, system: 's', cache_control: { type: 'ephemeral', ttl: '1h' } });
    expect(blocks.map(({ breakpoint }) => breakpoint)).toEqual([undefined, '1h']);
  });
});

it.each([
  [4, true],
  [5, false],
])('%i marks are allowed: %s', (count, isAllowed) => {
  const content = Array.from({ length: count }, (_, i) => part(`${i}`, mark));
  const ask = () => read({ ...base, messages: [{ role: 'user', content }] });
  if (isAllowed) expect(ask().blocks).toHaveLength(count);
  else expect(ask).toThrow(InvalidRequest);
});

it('a longer life must not come after a shorter one', () => {
  const content = [part('a', mark), part('b', { cache_control: { type: 'ephemeral', ttl: '1h' } })];
  expect(() => read({ ...base, messages: [{ role: 'user', content }] })).toThrow('must not come after');
  expect(read({ ...base, messages: [{ role: 'user', content: content.toReversed() }] }).blocks).toHaveLength(2);
});

it('a conversation of the kit has two marks, and begins as its shorter self does', () => {
  const [short, long] = [conversationBody(), conversationBody({ turns: 3, tier: '1h' })];
  expect(read(long).blocks.flatMap(({ breakpoint }) => breakpoint ?? [])).toEqual(['1h', '1h']);
  expect(texts(long).slice(0, texts(short).length)).toEqual(texts(short));
});
