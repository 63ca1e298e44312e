import { parseDuration } from '@csa/calls';
import type { WarmConfig } from '@csa/calls/config';
import {
  type CapChoice,
  capRange,
  chooseHeartbeat,
  detectCaller,
  KEEP_CAP_MS,
  loweredToShell,
  safeCapMs,
  type WaitSettings,
} from '@csa/calls/settings';
import type { Turn } from '@csa/transcript';
import { type TurnPlan, turnPlan } from './turn-plan.ts';

/** The flags of a turn, as typed. */
export interface TurnFlags {
  readonly cap?: string | undefined;
  readonly 'trust-result': boolean;
  readonly json: boolean;
}

/** What surrounds a turn. */
export interface TurnAround {
  readonly env: NodeJS.ProcessEnv;
  readonly config: WarmConfig;
  /** The caller's last request, as its own transcript shows it. */
  readonly turn: Turn | undefined;
}

/** How a turn is to go. */
export interface TurnSettings {
  readonly plan: TurnPlan;
  readonly wait: WaitSettings;
  /** Milliseconds of `--cap`. */
  readonly askedMs: number | undefined;
  readonly flags: readonly string[];
}

/** @throws Refusal for a cap that is none */
export function turnSettings(flags: TurnFlags, { env, config, turn }: TurnAround): TurnSettings {
  const caller = detectCaller(env);
  const askedMs = flags.cap === undefined ? undefined : parseDuration(flags.cap, capRange('--cap'));
  const plan = turnPlan({ turn, configTtlMs: config.ttlMs, now: Date.now() });
  const heartbeatMs = chooseHeartbeat(undefined, caller);
  const again = [...(flags['trust-result'] ? ['--trust-result'] : []), ...(flags.json ? ['--json'] : [])];
  const longestMs = caller.limit === undefined ? Number.POSITIVE_INFINITY : safeCapMs(caller.limit);
  const isKept = askedMs !== undefined && askedMs >= KEEP_CAP_MS && askedMs <= longestMs;
  return {
    plan,
    wait: {
      cap: askedMs === undefined ? loweredToShell(cacheCap(plan), caller) : askedCap(plan, askedMs),
      aliveExitCode: 0,
      trustResult: flags['trust-result'],
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
      caller,
      repeatFlags: isKept ? ['--cap', flags.cap ?? '', ...again] : again,
      warnings: config.warnings,
    },
    askedMs,
    flags: again,
  };
}

function cacheCap({ deadlineMs }: TurnPlan): CapChoice {
  return { capMs: deadlineMs, source: 'cache' };
}

/** It can only shorten: what the cache allows at most stays. */
function askedCap(plan: TurnPlan, askedMs: number): CapChoice {
  return askedMs <= plan.deadlineMs ? { capMs: askedMs, source: 'flag' } : cacheCap(plan);
}
