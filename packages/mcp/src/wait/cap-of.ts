import { parseDuration } from '@csa/calls';
import { type CapChoice, TOOL_MARGIN_MS, waitSettings } from '@csa/calls/settings';

/** The longest wait of a tool call: below the two hours that clients are set up to allow. */
export const MAX_CAP_MS = 6_900_000;

/** How long a wait is to last, and what `exit` says at its end. */
export interface WaitLength {
  readonly cap: CapChoice;
  readonly aliveExitCode: number;
}

/**
 * By the same order as the command's: the argument, the environment, the config, the caller's cache. What marks of
 * agents say of their shell tools is not true of their tool calls, nor of CI.
 * @throws Refusal reason=bad-duration | out-of-range
 */
export function waitLength(cap: string | undefined, env: NodeJS.ProcessEnv, project: string): WaitLength {
  const { CLAUDECODE, OPENCODE, CI, ...rest } = env;
  const settings = waitSettings({ 'until-done': false, 'trust-result': false }, rest, project);
  const { aliveExitCode } = settings;
  if (cap === undefined) return { aliveExitCode, cap: within(settings.cap, clientLimitMs(env)) };
  const capMs = parseDuration(cap, { name: 'cap', minMs: 0, maxMs: MAX_CAP_MS });
  return { aliveExitCode, cap: { capMs, source: 'flag' } };
}

/** What was not asked for in so many words is made to fit. */
function within(choice: CapChoice, limitMs: number): CapChoice {
  const { capMs = Number.POSITIVE_INFINITY, source } = choice;
  if (capMs <= MAX_CAP_MS && capMs <= limitMs) return choice;
  return limitMs < MAX_CAP_MS ? { capMs: limitMs, source: 'claude-code' } : { capMs: MAX_CAP_MS, source };
}

/** Claude Code cuts a tool call after this time whatever its progress, and passes the variable on. */
function clientLimitMs(env: NodeJS.ProcessEnv): number {
  const limit = env['CLAUDECODE'] === '1' ? (env['MCP_TOOL_TIMEOUT'] ?? '') : '';
  const ms = /^\d{1,12}$/.test(limit) ? Number(limit) : 0;
  return ms > 2 * TOOL_MARGIN_MS ? ms - TOOL_MARGIN_MS : Number.POSITIVE_INFINITY;
}
