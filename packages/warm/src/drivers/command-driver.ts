import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { HOOK_COOKIE, SESSION_COOKIE } from '@csa/session';
import type { Driver, WarmAnswer, WarmContext } from './driver.ts';
import type { DriverChoice } from './driver-choice.ts';
import { failed } from './failed-answer.ts';
import { runProgram } from './program.ts';
import { programAnswer } from './program-answer.ts';
import { REQUEST_COOKIE } from './request-cookie.ts';

/** What one warm runs. */
export interface WarmCommand {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly timeoutMs: number;
}

/** The name of what a command reads on its standard input. */
const REQUEST_SCHEMA = 'csa.warm-request/1';
const DIGEST_DIGITS = 16;

/**
 * A program of the user's that sends the request. It gets `{caller}` and `{session}` in its arguments, the same and more
 * as JSON on its standard input, and prints JSON with the provider's usage counts.
 */
export function makeCommandDriver(
  { argv, timeoutMs }: Extract<DriverChoice, { name: 'command' }>,
  env: NodeJS.ProcessEnv,
): Driver {
  return {
    name: 'command',
    credential: `command:${argv[0]}#${argumentsDigest(argv)}`,
    warm: (context, signal) => {
      const command = {
        argv: argv.map((word) => filledIn(word, context)),
        env: commandEnvironment(env),
        input: `${JSON.stringify(requestOf(context))}\n`,
        timeoutMs: Math.min(timeoutMs, context.timeoutMs),
      };
      return runWarmCommand(command, context, signal);
    },
  };
}

/** Runs it where the conversation takes place. Never throws. */
export async function runWarmCommand(
  command: WarmCommand,
  { cwd, onProcess }: Pick<WarmContext, 'cwd' | 'onProcess'>,
  signal: AbortSignal,
): Promise<WarmAnswer> {
  if (signal.aborted) return failed('aborted', 'called off before anything was started', { retryable: true });
  // spawn(2) says ENOENT for it too.
  if (!isDirectory(cwd)) return failed('driver_unavailable', 'the directory of the conversation is gone');
  const startedAt = Date.now();
  const program = { ...command, cwd, ...(onProcess && { onProcess }) };
  return programAnswer(await runProgram(program, signal), startedAt);
}

/**
 * The starter's, without the cookies by which sessions know their processes; and an agent that is started by it must
 * not begin to warm itself, nor pass for the conversation whose prefix it reads.
 */
export function commandEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [SESSION_COOKIE]: _session, [HOOK_COOKIE]: _hook, ...rest } = env;
  return { ...rest, CSA_WARM: 'off', [REQUEST_COOKIE]: '1' };
}

/** In one pass: what is filled in is never filled in again. */
function filledIn(word: string, { caller, session }: WarmContext): string {
  return word.replace(/\{(caller|session)\}/g, (_, name) => (name === 'caller' ? caller : session));
}

function requestOf({ caller, session, cwd, ttlMs, timeoutMs }: WarmContext) {
  return { schema: REQUEST_SCHEMA, caller, session, cwd, ttl_ms: ttlMs, timeout_ms: timeoutMs };
}

/** Tells apart what has other arguments, which may hold what is nobody else's business. */
export function argumentsDigest(argv: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(argv)).digest('hex').slice(0, DIGEST_DIGITS);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
