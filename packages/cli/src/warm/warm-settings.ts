import { parseCount, parseDuration, present } from '@csa/calls';
import type { WarmConfig } from '@csa/calls/config';
import { fromDollars, parseDollars } from '@csa/calls/warm';
import type { Turn } from '@csa/transcript';
import { chooseTtl, type WarmSettings } from '@csa/warm';

/** What a user says of limits, as typed. */
export interface LimitFlags {
  readonly interval?: string | undefined;
  readonly ttl?: string | undefined;
  readonly budget?: string | undefined;
  readonly 'budget-per-warm'?: string | undefined;
  readonly 'max-warms'?: string | undefined;
  readonly threshold?: string | undefined;
  readonly model?: string | undefined;
  readonly revive?: boolean | undefined;
}

/** What they are settled by. */
export interface LimitsAround {
  readonly config: WarmConfig;
  /** The caller's last request, as its own transcript shows it. */
  readonly turn: Turn | undefined;
}

/** The part of the settings that says how often, for how much and at what price. */
export type WarmLimits = Omit<WarmSettings, 'sessionDirectory' | 'cwd' | 'driver' | 'durationGiven'>;

const MAX_MS = 7 * 86_400_000;
const INTERVAL = { name: '--interval', minMs: 1, maxMs: MAX_MS };
/** Below it there would be no time between two requests. */
const TTL = { name: '--ttl', minMs: 11_000, maxMs: MAX_MS };
const COUNT = {
  flag: '--max-warms',
  reason: 'bad-count',
  what: 'is no number of requests',
  min: 1,
  takesAll: false,
  example: 10,
} as const;
const DEFAULT_THRESHOLD_USD = 0.05;

/** Flags go before the transcript, and that before the config. @throws Refusal for what is typed and is none */
export function warmLimits(flags: LimitFlags, { config, turn }: LimitsAround): WarmLimits {
  const model = flags.model ?? knownModel(turn);
  const flagMs = parsed(flags.ttl, (text) => parseDuration(text, TTL));
  return {
    ttl: chooseTtl(present({ flagMs, tier: turn?.tier, configMs: config.ttlMs })),
    threshold: dollars(flags.threshold, '--threshold', config.threshold) ?? fromDollars(DEFAULT_THRESHOLD_USD),
    // The parser leaves a switch out that was not given.
    revive: flags.revive === true,
    ...present({
      intervalMs: parsed(flags.interval, (text) => parseDuration(text, INTERVAL)) ?? config.intervalMs,
      model,
      prices: model === undefined ? undefined : config.pricesOf(model),
      budget: dollars(flags.budget, '--budget', config.budget),
      budgetPerWarm: dollars(flags['budget-per-warm'], '--budget-per-warm', config.budgetPerWarm),
      maxWarms: parsed(flags['max-warms'], (text) => Number(parseCount(text, COUNT))),
    }),
  };
}

/** Transcripts name no model of an answer that was made up. */
function knownModel(turn: Turn | undefined): string | undefined {
  return turn === undefined || turn.model === 'unknown' ? undefined : turn.model;
}

function dollars(text: string | undefined, flag: string, configured: number | undefined): number | undefined {
  if (text !== undefined) return parseDollars(text, flag);
  return configured === undefined ? undefined : fromDollars(configured);
}

function parsed<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}
