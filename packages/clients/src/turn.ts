/** What a model's turn is in every dialect: what the client has sent, and what the model is to do next. */

/** What one call of a tool gave back, as the model sees it. */
export interface ToolAnswer {
  readonly text: string;
  /** As the client marked it; Gemini's and Codex's dialects mark nothing. */
  readonly isError: boolean;
}

export interface Turn {
  /** How often the model has spoken in this conversation before. */
  readonly index: number;
  /** The tools that the client offers, by name. */
  readonly tools: readonly string[];
  /** In the order of the calls. */
  readonly answers: readonly ToolAnswer[];
  /** Everything that is no tool's answer: system prompt, prompts, what hooks have added. */
  readonly said: string;
}

export type Move =
  | { readonly kind: 'call'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'say'; readonly text: string };

/** Decides a turn from nothing but what was sent, so that a repeated request gets the same answer. */
export type Script = (turn: Turn) => Move;

/** Any JSON, read without believing anything. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
