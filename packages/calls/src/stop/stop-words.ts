import { constants, userInfo } from 'node:os';
import { AGENT_MARKS, Refusal, type StopRequest } from '@csa/session';
import { parseDuration } from '../duration.ts';

/** The flags of a stop, as typed. */
export interface StopFlags {
  readonly signal: string;
  readonly grace: string;
  readonly reason: string;
}

const GRACE_RANGE = { name: '--grace', minMs: 0, maxMs: 86_400_000 };
/** Signals by which a program can be asked to end. */
export const ENDING_SIGNALS: readonly string[] = ['TERM', 'INT', 'HUP', 'QUIT', 'KILL', 'USR1', 'USR2', 'ABRT'];

/** @throws Refusal reason=bad-signal | bad-duration | out-of-range */
export function stopRequest(flags: StopFlags, env: NodeJS.ProcessEnv): StopRequest {
  return {
    by: describeCaller(env),
    at: new Date().toISOString(),
    why: flags.reason,
    signal: parseSignal(flags.signal),
    graceMs: parseDuration(flags.grace, GRACE_RANGE),
  };
}

function parseSignal(text: string): NodeJS.Signals {
  const name = text.toUpperCase().replace(/^SIG/, '');
  const numbered = ENDING_SIGNALS.find((known) => String(constants.signals[`SIG${known}` as NodeJS.Signals]) === name);
  const found = ENDING_SIGNALS.includes(name) ? name : numbered;
  if (found !== undefined) return `SIG${found}` as NodeJS.Signals;
  throw new Refusal({
    reason: 'bad-signal',
    what: '--signal is no signal that ends a command',
    expected: ENDING_SIGNALS.join(', '),
    got: JSON.stringify(text.slice(0, 20)),
    next: 'Name one of them',
  });
}

/** Who asks: the user, the process, and the agent whose marks the environment carries. */
function describeCaller(env: NodeJS.ProcessEnv): string {
  const marks = AGENT_MARKS.filter((mark) => env[mark]).slice(0, 1);
  const agent = marks.length === 0 ? '' : `, in an agent's shell (${marks[0]})`;
  return `${userName()} (process ${process.ppid}${agent})`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry, as in many containers.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
