import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { Answer } from './answer.ts';
import { errorDocument, type Failure } from './failure.ts';
import { type InputOf, type InputSchema, inputSchema, type Parameters, readInput } from './input/inputs.ts';
import type { Progress } from './progress.ts';

/** Who calls a tool, as far as the tool has to know. */
export interface Call {
  /** Aborted when the client wants no answer any more, or is gone. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** A tool as a client sees it, and what it does. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly annotations: ToolAnnotations;
  /** The document of a call that could not be answered. */
  readonly failed: (failure: Failure) => object;
  /** @throws Refusal for what the arguments ask for */
  call(given: unknown, call: Call): Promise<Answer>;
}

export interface ToolDefinition<P extends Parameters> extends Pick<Tool, 'name' | 'description' | 'annotations'> {
  readonly parameters: P;
  /** Default: that of any error. */
  readonly failed?: Tool['failed'];
  readonly run: (input: InputOf<P>, call: Call) => Promise<Answer>;
}

export function defineTool<const P extends Parameters>(definition: ToolDefinition<P>): Tool {
  const { name, description, annotations, parameters, run, failed = errorDocument } = definition;
  return {
    name,
    description,
    annotations,
    failed,
    inputSchema: inputSchema(parameters),
    call: async (given, call) => run(readInput(name, parameters, given), call),
  };
}

/** Asks nothing outside of this machine, and changes nothing. */
export const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
