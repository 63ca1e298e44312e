import type { CallToolResult } from '@modelcontextprotocol/server';

/** What a tool call is answered with. */
export type Answer = (
  | { readonly kind: 'document'; readonly document: object; readonly isError?: true }
  /** For text that is read, not computed with. */
  | { readonly kind: 'text'; readonly text: string }
) & {
  /** Called once the answer has been written; never where nobody wanted it any more. */
  readonly onShown?: (() => void) | undefined;
};

/**
 * Some clients show a model nothing but the structured content, some nothing but the text: both say the same. What is
 * mere text has no structured content, which would hide it.
 */
export function toolResult(answer: Answer): CallToolResult {
  if (answer.kind === 'text') return { content: [{ type: 'text', text: answer.text }] };
  return {
    content: [{ type: 'text', text: JSON.stringify(answer.document) }],
    structuredContent: answer.document as Record<string, unknown>,
    ...(answer.isError ? { isError: true } : {}),
  };
}
