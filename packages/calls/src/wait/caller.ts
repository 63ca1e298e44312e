import { AGENT_MARKS, SESSION_COOKIE } from '@csa/session';

/** A shell tool that ends a command which takes too long. */
export interface ShellLimit {
  readonly agent: 'claude-code' | 'opencode';
  /** When a call without a timeout of its own is ended, in milliseconds. */
  readonly defaultMs: number;
  /** The longest timeout that a call may ask for, in milliseconds. */
  readonly maxMs: number;
}

/** Who called, as far as its marks in the environment tell. */
export interface Caller {
  /** The strictest limit of the shell tools that run this process; absent inside a session, which no tool ends. */
  readonly limit?: ShellLimit;
  readonly isAgent: boolean;
  /** Codex's shell does not end a command, it stops listening after ten seconds. */
  readonly yieldsEarly: boolean;
  /** Gemini's shell ends a command that prints nothing for five minutes. */
  readonly needsOutput: boolean;
  readonly isCi: boolean;
}

const DEFAULT_LIMIT_MS = 120_000;
const MAX_LIMIT_MS = 600_000;

/** Reads the marks that agents and CI systems leave in the environment of their shells. */
export function detectCaller(env: NodeJS.ProcessEnv): Caller {
  const limits = env[SESSION_COOKIE] ? [] : shellLimits(env);
  const limit = limits.sort((a, b) => a.defaultMs - b.defaultMs)[0];
  return {
    ...(limit === undefined ? {} : { limit }),
    isAgent: AGENT_MARKS.some((mark) => Boolean(env[mark])),
    yieldsEarly: Boolean(env['CODEX_CI'] || env['CODEX_THREAD_ID']),
    needsOutput: env['GEMINI_CLI'] === '1',
    isCi: !['', '0', 'false'].includes(env['CI']?.toLowerCase() ?? ''),
  };
}

function shellLimits(env: NodeJS.ProcessEnv): ShellLimit[] {
  const limits: ShellLimit[] = [];
  if (env['CLAUDECODE'] === '1') {
    const defaultMs = positive(env['BASH_DEFAULT_TIMEOUT_MS']) ?? DEFAULT_LIMIT_MS;
    limits.push({
      agent: 'claude-code',
      defaultMs,
      maxMs: Math.max(defaultMs, positive(env['BASH_MAX_TIMEOUT_MS']) ?? MAX_LIMIT_MS),
    });
  }
  if (env['OPENCODE'] === '1') {
    const defaultMs = positive(env['OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS']) ?? DEFAULT_LIMIT_MS;
    limits.push({ agent: 'opencode', defaultMs, maxMs: Math.max(defaultMs, MAX_LIMIT_MS) });
  }
  return limits;
}

function positive(text: string | undefined): number | undefined {
  const number = /^\d{1,12}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 ? number : undefined;
}
