import { Refusal } from '@csa/session';
import { callerCacheTier } from '@csa/transcript';
import { waitConfig } from '../config/wait-config.ts';
import { parseDuration } from '../duration.ts';
import { chooseAliveExitCode } from './alive-exit-code.ts';
import { type Caller, detectCaller } from './caller.ts';
import { type CapChoice, chooseCap, TOOL_MARGIN_MS } from './cap.ts';
import { keepWarmWord } from './keep-warm-word.ts';

/** The flags of a wait, as typed. */
export interface WaitFlags {
  readonly cap?: string | undefined;
  readonly timeout?: string | undefined;
  readonly 'until-done': boolean;
  readonly 'alive-exit-code'?: string | undefined;
  readonly 'trust-result': boolean;
  readonly 'model-provider'?: string | undefined;
  readonly heartbeat?: string | undefined;
  /** A driver's name, or that any will do. */
  readonly 'keep-warm'?: string | undefined;
}

/** How a wait is to go, from flags, environment, config files and the caller's shell, in this order. */
export interface WaitSettings {
  readonly cap: CapChoice;
  readonly aliveExitCode: number;
  readonly trustResult: boolean;
  /** Milliseconds. */
  readonly heartbeatMs?: number;
  readonly caller: Caller;
  /** What the next wait must repeat to ask the same question under the same limit. */
  readonly repeatFlags: readonly string[];
  /** The same of a wait without a cap that keeps nothing warm; told of one that does. */
  readonly backgroundFlags?: readonly string[];
  readonly warnings: readonly string[];
}

/** Gemini's shell ends a command after 300 s of silence. */
const GEMINI_HEARTBEAT_MS = 60_000;
const HEARTBEAT_RANGE = { name: '--heartbeat', minMs: 1_000, maxMs: 86_400_000 };
/**
 * A cap this long is the caller's own time limit, and the next wait keeps it, unless the shell tool would end a wait
 * of that length; a shorter one was a quick look.
 */
export const KEEP_CAP_MS = 30_000;

/** @throws Refusal for what the user typed or set in the environment; a config file only ever warns */
export function waitSettings(flags: WaitFlags, env: NodeJS.ProcessEnv, project: string): WaitSettings {
  const caller = detectCaller(env);
  const config = waitConfig({ env, project }, flags['model-provider']);
  const cap = chooseCap({
    cap: onlyCap(flags),
    untilDone: flags['until-done'],
    env: env['CSA_WAIT_CAP'],
    keepsWarm: flags['keep-warm'] !== undefined,
    projectConfig: config.capMs.project,
    userConfig: config.capMs.user,
    transcript: () => callerCacheTier(env),
    caller,
  });
  const aliveExitCode = chooseAliveExitCode({
    flag: flags['alive-exit-code'],
    env: env['CSA_ALIVE_EXIT_CODE'],
    config: config.aliveExitCode,
  });
  const heartbeatMs = chooseHeartbeat(flags.heartbeat, caller);
  return {
    cap,
    aliveExitCode,
    trustResult: flags['trust-result'],
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    caller,
    repeatFlags: [...capFlags(flags, cap, caller), ...otherFlags(flags), ...warmFlags(flags)],
    ...(flags['keep-warm'] === undefined ? {} : { backgroundFlags: otherFlags(flags) }),
    warnings: config.warnings,
  };
}

function onlyCap({ cap, timeout, 'until-done': untilDone }: WaitFlags): string | undefined {
  const given = [cap, timeout, untilDone ? '' : undefined].filter((value) => value !== undefined);
  if (given.length <= 1) return cap ?? timeout;
  throw new Refusal({
    reason: 'usage',
    what: 'the wait has several caps',
    expected: 'one of --cap, --timeout and --until-done',
    got: `${given.length} of them`,
    next: 'Leave out all but one',
  });
}

/** How often somebody must be told that the wait goes on; `undefined`: never. @throws Refusal for the flag */
export function chooseHeartbeat(flag: string | undefined, caller: Caller): number | undefined {
  if (flag !== undefined) return parseDuration(flag, HEARTBEAT_RANGE);
  return caller.needsOutput ? GEMINI_HEARTBEAT_MS : undefined;
}

function capFlags({ cap, timeout }: WaitFlags, { source, capMs = 0 }: CapChoice, { limit }: Caller): string[] {
  const longestMs = limit === undefined ? Number.POSITIVE_INFINITY : limit.defaultMs - TOOL_MARGIN_MS;
  const isKept = source === 'flag' && capMs >= KEEP_CAP_MS && capMs <= longestMs;
  return isKept ? ['--cap', String(cap ?? timeout)] : [];
}

function otherFlags(flags: WaitFlags): string[] {
  const words: string[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) words.push(`--${name}`, value);
  };
  add('alive-exit-code', flags['alive-exit-code']);
  if (flags['trust-result']) words.push('--trust-result');
  add('model-provider', flags['model-provider']);
  add('heartbeat', flags.heartbeat);
  return words;
}

function warmFlags({ 'keep-warm': driver }: WaitFlags): string[] {
  return driver === undefined ? [] : [keepWarmWord(driver)];
}
