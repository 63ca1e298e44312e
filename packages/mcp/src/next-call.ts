import type { WaitDocument } from '@csa/calls';

/** A tool call to make. */
export interface NextCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What to do next: in a shell, and by a tool. */
export interface NextStep {
  readonly cmd: string | null;
  readonly tool_timeout_ms: number | null;
  readonly tool: string;
  readonly arguments: NextCall['arguments'];
}

export function nextStep(next: WaitDocument['next'], call: NextCall | null): NextStep | null {
  return call === null ? null : { cmd: next?.cmd ?? null, tool_timeout_ms: next?.tool_timeout_ms ?? null, ...call };
}
