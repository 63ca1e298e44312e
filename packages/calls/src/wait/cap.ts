import { type DurationRange, parseDuration } from '../duration.ts';
import type { Caller, ShellLimit } from './caller.ts';

export const DEFAULT_CAP_MS = 240_000;
export const MAX_CAP_MS: number = 7 * 86_400_000;
/** How much earlier than the shell tool's limit a wait must be over. */
export const TOOL_MARGIN_MS = 10_000;
const LEAST_CAP_MS = 5_000;
/** A prompt cache of an hour is read again after 55 minutes, one of five minutes after four. */
const HOUR_TIER_CAP_MS = 3_300_000;

export type CacheTier = '5m' | '1h';

export type CapSource =
  | 'flag'
  | 'until-done'
  | 'env'
  | 'keep-warm'
  | 'project-config'
  | 'user-config'
  | 'transcript'
  | 'cache'
  | 'ci'
  | 'default'
  | 'claude-code'
  | 'opencode';

/** How long to wait, why so long, and what would pay if the shell tool allowed it. */
export interface CapChoice {
  /** Milliseconds; `undefined` waits until it is done. */
  readonly capMs: number | undefined;
  readonly source: CapSource;
  /** The cap before it was lowered to the caller's shell tool. */
  readonly lowered?: { readonly fullCapMs: number; readonly toolMaxMs: number };
  /** Keeping the caller's cache warm until the next wait ends would cost more than letting it go cold. */
  readonly paysNoMore?: true;
}

export interface CapWishes {
  /** `--cap` or its alias `--timeout`, as typed. */
  readonly cap?: string | undefined;
  readonly untilDone: boolean;
  /** CSA_WAIT_CAP, as set. */
  readonly env?: string | undefined;
  /** The wait itself keeps the caller's cache warm, which then sets no limit to it. */
  readonly keepsWarm?: boolean;
  /** Milliseconds, validated. */
  readonly projectConfig?: number | undefined;
  readonly userConfig?: number | undefined;
  /** What the caller's own transcript shows of its cache; read only when nothing above it speaks. */
  readonly transcript: () => CacheTier | undefined;
  readonly caller: Caller;
}

/**
 * The cap by precedence, then lowered where the caller's shell tool would end the wait before it answers.
 * @throws Refusal reason=bad-duration | out-of-range
 */
export function chooseCap(wishes: CapWishes): CapChoice {
  if (wishes.untilDone) return { capMs: undefined, source: 'until-done' };
  if (wishes.cap !== undefined) return { capMs: parseDuration(wishes.cap, capRange('--cap')), source: 'flag' };
  return loweredToShell(unlowered(wishes), wishes.caller);
}

function unlowered(wishes: CapWishes): CapChoice {
  if (wishes.env) return { capMs: parseDuration(wishes.env, capRange('CSA_WAIT_CAP')), source: 'env' };
  if (wishes.keepsWarm) return { capMs: undefined, source: 'keep-warm' };
  if (wishes.projectConfig !== undefined) return { capMs: wishes.projectConfig, source: 'project-config' };
  if (wishes.userConfig !== undefined) return { capMs: wishes.userConfig, source: 'user-config' };
  const tier = wishes.transcript();
  if (tier !== undefined) return { capMs: tier === '1h' ? HOUR_TIER_CAP_MS : DEFAULT_CAP_MS, source: 'transcript' };
  if (wishes.caller.isCi && !wishes.caller.isAgent) return { capMs: undefined, source: 'ci' };
  return { capMs: DEFAULT_CAP_MS, source: 'default' };
}

/** Made shorter where the caller's shell tool would end the wait before it answers. */
export function loweredToShell(choice: CapChoice, { limit }: Caller): CapChoice {
  if (limit === undefined) return choice;
  const safeMs = safeCapMs(limit);
  const fullCapMs = choice.capMs ?? MAX_CAP_MS;
  if (fullCapMs <= safeMs) return choice;
  return { capMs: safeMs, source: limit.agent, lowered: { fullCapMs, toolMaxMs: limit.maxMs } };
}

/** The longest wait that a shell tool does not end although it was asked for nothing. */
export function safeCapMs({ defaultMs }: ShellLimit): number {
  return Math.max(LEAST_CAP_MS, defaultMs - TOOL_MARGIN_MS);
}

export function capRange(name: string): DurationRange {
  return { name, minMs: 0, maxMs: MAX_CAP_MS };
}
