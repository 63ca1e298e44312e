import { Refusal } from '@csa/session';
import { parseDuration } from '../duration.ts';

const MAX_TIME_RANGE = { name: '--max-time', minMs: 1, maxMs: 20 * 86_400_000 };
const IDLE_RANGE = { ...MAX_TIME_RANGE, name: '--idle-timeout', minMs: 1_000 };
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/;
/** What tells a command where its session is; nobody may point it elsewhere. */
const RESERVED = new Set(['CSA_SESSION_ID', 'CSA_SESSION_DIR', 'CSA_RESULT_FILE']);

/** Milliseconds. @throws Refusal reason=bad-duration | out-of-range */
export function parseMaxTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text, MAX_TIME_RANGE);
}

/**
 * Milliseconds.
 * @throws Refusal reason=bad-duration | out-of-range, and idle-unmeasurable where a silent command that works cannot be
 * told from one that does nothing
 */
export function parseIdleLimit(text: string | undefined, canMeasure: () => boolean): number | undefined {
  if (text === undefined) return undefined;
  const limitMs = parseDuration(text, IDLE_RANGE);
  if (canMeasure()) return limitMs;
  throw new Refusal({
    reason: 'idle-unmeasurable',
    what: '--idle-timeout cannot be kept here: whether a silent command works cannot be seen',
    expected: 'a /proc that shows all processes of this pid namespace',
    got: process.platform === 'linux' ? 'a /proc that hides some of them, or is of another namespace' : 'no /proc',
    next: 'Leave it out, or limit the whole time with --max-time',
  });
}

/**
 * `NAME=VALUE` sets a variable, `NAME` alone passes the caller's own value on.
 * @throws Refusal reason=bad-env
 */
export function parseEnvironment(assignments: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(assignments.map((text) => parseAssignment(text, env)));
}

function parseAssignment(text: string, env: NodeJS.ProcessEnv): [name: string, value: string] {
  const [, name, given] = VARIABLE.exec(text) ?? [];
  if (name === undefined || RESERVED.has(name) || text.includes('\0')) {
    throw badVariable('--env sets no variable', `NAME=VALUE or NAME, and not ${[...RESERVED].join(', ')}`, text);
  }
  const value = given ?? (Object.hasOwn(env, name) ? env[name] : undefined);
  if (value === undefined) throw badVariable('--env has nothing to pass on', 'a variable that is set here', text);
  return [name, value];
}

function badVariable(what: string, expected: string, text: string): Refusal {
  return new Refusal({
    reason: 'bad-env',
    what,
    expected,
    // The value may be a secret.
    got: JSON.stringify(text.split('=')[0]?.slice(0, 40)),
    next: 'Write --env NAME=VALUE',
  });
}
