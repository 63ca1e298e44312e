import { conversationBody } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { replayBody } from './replay-body.ts';

const replay = (body: string | Buffer) => replayBody(Buffer.from(body as string));
const body = conversationBody();
const marked = { type: 'ephemeral' };
const bare = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] };

it('asks for no output and no stream, and keeps every other byte', () => {
  const text =
    ' {"model":"m",\t"max_tokens" : 4096,"system":"\\u00e9 é 😀 \\/","stream":true,\n"messages":[{"max_tokens":1,"stream":true}],"cache_control":{"type":"ephemeral"}}\n';
  const expected = text.replace('4096', '0').replace('"stream":true,', '');
  expect(replay(text)).toEqual({ kind: 'body', bytes: Buffer.from(expected) });
});

it.each([
  ['the whole request', { ...bare, cache_control: marked }],
  ['a tool', { ...bare, tools: [{ name: 't' }, { name: 'u', cache_control: marked }] }],
  ['a part of the system', { ...bare, system: [{ type: 'text', text: 's', cache_control: marked }] }],
  ['a part of a message', { ...bare, messages: [{ role: 'user', content: [{ text: 'x', cache_control: marked }] }] }],
  [
    'a part of a tool result',
    { ...bare, messages: [{ role: 'user', content: [{ content: [{ text: 'x', cache_control: marked }] }] }] },
  ],
])('a mark may stand on %s', (_, fields) => {
  expect(replay(JSON.stringify(fields))).toMatchObject({ kind: 'body' });
});

it.each([
  [{ thinking: { type: 'disabled' } }],
  [{ thinking: null }],
  [{ tool_choice: { type: 'auto' } }],
  [{ tool_choice: { type: 'none' } }],
  [{ output_config: { effort: 'low' } }],
  [{ output_format: null }],
  [{ stream: false }],
])('%j is no reason against it', (more) => {
  expect(replay(JSON.stringify({ ...body, ...more }))).toMatchObject({ kind: 'body' });
});

describe('refused is', () => {
  it.each([
    ['a batch', { requests: [] }],
    ['no messages', { ...body, messages: [] }],
    ['no messages', { ...body, messages: 'hello' }],
    ['no max_tokens', { ...body, max_tokens: undefined }],
    ['no max_tokens', { ...body, max_tokens: '4096' }],
    ['enables thinking', { ...body, thinking: { type: 'enabled', budget_tokens: 1_024 } }],
    ['forces a tool', { ...body, tool_choice: { type: 'any' } }],
    ['forces a tool', { ...body, tool_choice: { type: 'tool', name: 'bash' } }],
    ['output format', { ...body, output_config: { format: { type: 'json_schema' } } }],
    ['output format', { ...body, output_format: { type: 'json_schema' } }],
    ['marks nothing', bare],
    ['marks nothing', { ...bare, metadata: { cache_control: marked }, system: 'cache_control' }],
    ['not a JSON object', []],
    ['not a JSON object', null],
  ])('%s: %j', (why, fields) => {
    expect(replay(JSON.stringify(fields))).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  });

  it.each([
    ['not a JSON object', ''],
    ['not a JSON object', `${JSON.stringify(body)} trailing`],
    ['not a JSON object', `\ufeff${JSON.stringify(body)}`],
    ['not a JSON object', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['twice', JSON.stringify(body).replace('{', '{"max_tokens":1,')],
    ['twice', JSON.stringify(body).replace('{', '{"max\\u005ftokens":1,')],
  ])('%s: %#', (why, text) => {
    expect(replay(text)).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  });
});
