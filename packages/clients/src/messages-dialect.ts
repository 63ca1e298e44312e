import type { Dialect, StreamEvent } from './dialect.ts';
import { elements, member, string, textBelow } from './json.ts';
import type { Json, Move, ToolAnswer, Turn } from './turn.ts';

const USAGE = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };

/** Anthropic's Messages API: Claude Code, and opencode with its provider of that name. */
export const messagesDialect: Dialect = {
  asksForTurn: (path) => /\/messages$/.test(path),
  read(body) {
    const messages = elements(member(body, 'messages'));
    const blocks = messages.flatMap((message) => blocksOf(message));
    return {
      index: messages.filter((message) => member(message, 'role') === 'assistant').length,
      tools: elements(member(body, 'tools')).map((tool) => string(member(tool, 'name'))),
      answers: blocks.filter(isAnswer).map(answerOf),
      said: [member(body, 'system') ?? '', ...blocks.filter((block) => !isAnswer(block))].map(textBelow).join('\n'),
    };
  },
  events,
};

function blocksOf(message: Json): readonly Json[] {
  const content = member(message, 'content');
  return typeof content === 'string' ? [{ type: 'text', text: content }] : elements(content);
}

function isAnswer(block: Json): boolean {
  return member(block, 'type') === 'tool_result';
}

function answerOf(block: Json): ToolAnswer {
  const texts = elements(member(block, 'content')).map((part) => string(member(part, 'text')));
  const content = member(block, 'content');
  return {
    text: typeof content === 'string' ? content : texts.join('\n'),
    isError: member(block, 'is_error') === true,
  };
}

function events(move: Move, turn: Turn): readonly StreamEvent[] {
  const [block, delta] = contentOf(move, turn);
  return [
    {
      type: 'message_start',
      message: {
        id: `msg_${turn.index}`,
        type: 'message',
        role: 'assistant',
        model: 'loopback',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: USAGE,
      },
    },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: move.kind === 'call' ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: USAGE,
    },
    { type: 'message_stop' },
  ].map((data) => ({ event: data.type, data }));
}

function contentOf(move: Move, turn: Turn): readonly [block: Json, delta: Json] {
  if (move.kind === 'say') {
    return [
      { type: 'text', text: '' },
      { type: 'text_delta', text: move.text },
    ];
  }
  return [
    { type: 'tool_use', id: `toolu_${turn.index}`, name: move.tool, input: {} },
    { type: 'input_json_delta', partial_json: JSON.stringify(move.input) },
  ];
}
