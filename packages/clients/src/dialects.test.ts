import { describe, expect, it } from 'vitest';
import type { Dialect } from './dialect.ts';
import { geminiDialect } from './gemini-dialect.ts';
import { messagesDialect } from './messages-dialect.ts';
import { responsesDialect } from './responses-dialect.ts';
import type { Json, Turn } from './turn.ts';

/** A conversation in which one tool has been called and has answered, in each dialect. */
const CONVERSATIONS: ReadonlyArray<{ name: string; dialect: Dialect; body: Json; tools: string[] }> = [
  {
    name: 'Messages',
    dialect: messagesDialect,
    tools: ['Bash'],
    body: {
      system: [{ type: 'text', text: 'be good' }],
      tools: [{ name: 'Bash' }],
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'one' }] }],
        },
      ],
    },
  },
  {
    name: 'Responses',
    dialect: responsesDialect,
    tools: ['exec', 'mcp__csa.session_wait', 'web_search'],
    body: {
      instructions: 'be good',
      tools: [
        { type: 'function', name: 'exec' },
        { type: 'namespace', name: 'mcp__csa', tools: [{ type: 'function', name: 'session_wait' }] },
        { type: 'web_search' },
      ],
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
        { type: 'function_call', call_id: 'a', name: 'exec', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'one' }] },
      ],
    },
  },
  {
    name: 'Gemini',
    dialect: geminiDialect,
    tools: ['run_shell_command'],
    body: {
      systemInstruction: { parts: [{ text: 'be good' }] },
      tools: [{ functionDeclarations: [{ name: 'run_shell_command' }] }],
      contents: [
        { role: 'user', parts: [{ text: 'go' }] },
        { role: 'model', parts: [{ functionCall: { name: 'run_shell_command', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'run_shell_command', response: { output: 'one' } } }] },
      ],
    },
  },
];

describe.each(CONVERSATIONS)('the dialect $name', ({ dialect, body, tools }) => {
  it('reads what was said, what is offered and what came back', () => {
    const turn = dialect.read(body);
    expect(turn).toMatchObject({ index: 1, tools, answers: [{ text: 'one', isError: false }] });
    expect(turn.said).toMatch(/be good[\s\S]*go/);
    expect(turn.said).not.toContain('one');
  });

  it.each<Json>([null, 3, 'text', [], {}, { messages: 3, input: {}, contents: [null] }])(
    'finds no turn in %j',
    (torn) => {
      expect(dialect.read(torn)).toMatchObject({ index: 0, tools: [], answers: [] });
    },
  );

  it('says a call and a last word', () => {
    const turn: Turn = { index: 4, tools: [], answers: [], said: '' };
    const events = (move: Parameters<Dialect['events']>[0]): string => JSON.stringify(dialect.events(move, turn));
    expect(events({ kind: 'call', tool: 'some_tool', input: { line: 'true' } })).toMatch(/some_tool.*line/);
    expect(events({ kind: 'say', text: 'farewell' })).toContain('farewell');
  });
});

it.each([
  ['mcp__csa.session_wait', { namespace: 'mcp__csa', name: 'session_wait' }],
  ['exec_command', { name: 'exec_command' }],
])('Responses calls %s as %j', (tool, target) => {
  const move = { kind: 'call', tool, input: {} } as const;
  const events = responsesDialect.events(move, { index: 0, tools: [], answers: [], said: '' });
  expect(events.at(-1)?.data).toMatchObject({ response: { output: [target] } });
});

it('an error is marked where the dialect has a mark for it', () => {
  const block = { type: 'tool_result', tool_use_id: 'a', is_error: true, content: 'no' };
  const messages = { messages: [{ role: 'user', content: [block] }] };
  expect(messagesDialect.read(messages).answers).toEqual([{ text: 'no', isError: true }]);
  const part = { functionResponse: { name: 'a', response: { error: 'no' } } };
  expect(geminiDialect.read({ contents: [{ role: 'user', parts: [part] }] }).answers).toEqual([
    { text: 'no', isError: true },
  ]);
});
