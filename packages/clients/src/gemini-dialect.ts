import type { Dialect, StreamEvent } from './dialect.ts';
import { elements, member, string, textBelow } from './json.ts';
import type { Json, Move } from './turn.ts';

/** Google's generateContent API, streamed: Gemini CLI. */
export const geminiDialect: Dialect = {
  asksForTurn: (path) => /:streamGenerateContent$/.test(path),
  read(body) {
    const contents = elements(member(body, 'contents'));
    const parts = contents.flatMap((content) => elements(member(content, 'parts')));
    const answers = parts.filter(isAnswer).map((part) => member(member(part, 'functionResponse'), 'response'));
    const system = member(body, 'systemInstruction') ?? '';
    return {
      index: contents.filter((content) => member(content, 'role') === 'model').length,
      tools: elements(member(body, 'tools')).flatMap(namesOf),
      answers: answers.map((answer) => ({ text: textBelow(answer), isError: member(answer, 'error') !== undefined })),
      said: [system, ...parts.filter((part) => !isAnswer(part))].map(textBelow).join('\n'),
    };
  },
  events: (move): readonly StreamEvent[] => {
    const content = { role: 'model', parts: [partOf(move)] };
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
    return [{ data: { candidates: [{ index: 0, content, finishReason: 'STOP' }], usageMetadata } }];
  },
};

function isAnswer(part: Json): boolean {
  return member(part, 'functionResponse') !== undefined;
}

function namesOf(tool: Json): string[] {
  return elements(member(tool, 'functionDeclarations')).map((declaration) => string(member(declaration, 'name')));
}

function partOf(move: Move): Json {
  return move.kind === 'say'
    ? { text: move.text }
    : { functionCall: { name: move.tool, args: move.input as { readonly [key: string]: Json } } };
}
