import type { Dialect, StreamEvent } from './dialect.ts';
import { elements, member, string, textBelow } from './json.ts';
import type { Json, Move, Turn } from './turn.ts';

/** OpenAI's Responses API: Codex. A tool of an MCP server stands in a namespace, and is called as `namespace.tool`. */
export const responsesDialect: Dialect = {
  asksForTurn: (path) => /\/responses$/.test(path),
  read(body) {
    const input = elements(member(body, 'input'));
    return {
      index: input.filter(isModels).length,
      tools: elements(member(body, 'tools')).flatMap(namesOf),
      answers: input.filter(isAnswer).map((item) => ({ text: outputOf(item), isError: false })),
      said: [member(body, 'instructions') ?? '', ...input.filter((item) => !isAnswer(item))].map(textBelow).join('\n'),
    };
  },
  events,
};

function isModels(item: Json): boolean {
  return member(item, 'type') === 'function_call' || member(item, 'role') === 'assistant';
}

function isAnswer(item: Json): boolean {
  return member(item, 'type') === 'function_call_output';
}

function namesOf(tool: Json): string[] {
  const name = string(member(tool, 'name')) || string(member(tool, 'type'));
  if (member(tool, 'type') !== 'namespace') return [name];
  return elements(member(tool, 'tools')).map((inner) => `${name}.${string(member(inner, 'name'))}`);
}

function events(move: Move, turn: Turn): readonly StreamEvent[] {
  const item = itemOf(move, turn);
  const response = { id: `resp_${turn.index}`, object: 'response' };
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  return [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { ...response, status: 'completed', output: [item], usage } },
  ].map((data) => ({ event: data.type, data }));
}

function itemOf(move: Move, { index }: Turn): Json {
  if (move.kind === 'say') {
    const content = [{ type: 'output_text', text: move.text, annotations: [] }];
    return { type: 'message', id: `msg_${index}`, role: 'assistant', status: 'completed', content };
  }
  const [, namespace, name] = /^(.+)\.([^.]+)$/.exec(move.tool) ?? [undefined, undefined, move.tool];
  const call = { type: 'function_call', id: `fc_${index}`, call_id: `call_${index}`, status: 'completed' };
  const target = namespace === undefined ? { name: name ?? '' } : { namespace, name: name ?? '' };
  return { ...call, ...target, arguments: JSON.stringify(move.input) };
}

/** A text, or a list of parts that have one. */
function outputOf(item: Json): string {
  const output = member(item, 'output');
  if (typeof output === 'string') return output;
  return elements(output)
    .map((part) => string(member(part, 'text')))
    .join('\n');
}
