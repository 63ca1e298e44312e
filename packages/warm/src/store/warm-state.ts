import type { DriverChoice } from '../drivers/driver-choice.ts';
import type { PriceOverrides } from '../policy/cache-price.ts';
import type { WarmReason } from '../policy/reason.ts';
import type { WarmKey } from './warm-key.ts';

/** What should be: written by whoever switches, arms or cancels; read by the heartbeat. Times in ms since the epoch. */
export interface WarmState {
  /** Rises by one with every transition: a result counts only under the generation that it was sent in. */
  readonly generation: number;
  readonly key: WarmKey;
  readonly power: WarmPower;
  /** `active`: the caller's own request is under way. */
  readonly caller: 'idle' | 'active';
  /** When the caller's last request began, as far as hooks told. */
  readonly anchor?: number;
  readonly settings: WarmSettings;
}

export type WarmPower =
  | { readonly kind: 'on'; readonly since: number; readonly until: number }
  | { readonly kind: 'off'; readonly at: number; readonly reason: WarmReason };

/** What the user asked for; it outlives every process. */
export interface WarmSettings {
  readonly sessionDirectory: string;
  /** Where the conversation takes place. */
  readonly cwd: string;
  readonly driver: DriverChoice;
  readonly durationGiven: boolean;
  /** Absent: by evidence. */
  readonly intervalMs?: number;
  readonly ttl: { readonly ms: number; readonly source: TtlSource };
  /** As the user or the transcript names it; decides the price. */
  readonly model?: string;
  /** Of the user's config: goes before the price table. */
  readonly prices?: PriceOverrides;
  /** Billionths of a dollar. */
  readonly budget?: number;
  readonly budgetPerWarm?: number;
  readonly threshold: number;
  readonly maxWarms?: number;
  /** Send once although the prefix is taken to be cold; asked for by name. */
  readonly revive: boolean;
}

export type TtlSource = 'flag' | 'transcript' | 'config' | 'default';
