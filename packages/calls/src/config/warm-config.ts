import type { DriverName, PriceOverrides } from '@csa/warm';
import { present } from '../present.ts';
import { type Asked, type Candidate, candidatesOf } from './candidates.ts';
import { type ConfigFile, type ConfigPlaces, readConfigFiles } from './config-file.ts';
import type { ConfigKey } from './config-key.ts';
import { candidateWarnings, fileWarnings } from './file-warnings.ts';
import { type ModelPrice, priceOverrides } from './model-price.ts';
import {
  WARM_BASE_URL,
  WARM_BUDGET,
  WARM_BUDGET_PER_WARM,
  WARM_CAPTURE,
  WARM_COMMAND,
  WARM_CREDENTIAL_HELPER,
  WARM_DRIVER,
  WARM_DURATION,
  WARM_INTERVAL,
  WARM_PRICES,
  WARM_THRESHOLD,
  WARM_TTL,
} from './warm-keys.ts';

/** What the config files say of warming; absent where they say nothing that can be used. Times in milliseconds, money in dollars. */
export interface WarmConfig {
  readonly driver?: DriverName;
  readonly command?: readonly string[];
  readonly baseUrl?: string;
  readonly capture?: string;
  readonly credentialHelper?: readonly string[];
  readonly durationMs?: number;
  readonly intervalMs?: number;
  readonly ttlMs?: number;
  readonly budget?: number;
  readonly budgetPerWarm?: number;
  readonly threshold?: number;
  /** What goes before the price table. */
  readonly pricesOf: (model: string) => PriceOverrides | undefined;
  /** For stderr; a bad config never makes a command fail. */
  readonly warnings: readonly string[];
}

export function warmConfig(places: ConfigPlaces): WarmConfig {
  const files = readConfigFiles(places);
  const told: Candidate<unknown>[] = [];
  const said = <T>(key: ConfigKey<T>): T | undefined => {
    const candidates = candidatesOf({ key }, files, places.env);
    told.push(...candidates);
    return firstUsable(candidates);
  };
  const config = {
    driver: said(WARM_DRIVER),
    command: said(WARM_COMMAND),
    baseUrl: said(WARM_BASE_URL),
    capture: said(WARM_CAPTURE),
    credentialHelper: said(WARM_CREDENTIAL_HELPER),
    durationMs: inMilliseconds(said(WARM_DURATION)),
    intervalMs: inMilliseconds(said(WARM_INTERVAL)),
    ttlMs: inMilliseconds(said(WARM_TTL)),
    budget: said(WARM_BUDGET),
    budgetPerWarm: said(WARM_BUDGET_PER_WARM),
    threshold: said(WARM_THRESHOLD),
  };
  return {
    ...present(config),
    pricesOf: (model) => pricesOf(model, files, places.env),
    warnings: [...new Set([...fileWarnings(files), ...candidateWarnings(told)])],
  };
}

function pricesOf(model: string, files: readonly ConfigFile[], env: NodeJS.ProcessEnv): PriceOverrides | undefined {
  const asked: Asked<ModelPrice> = { key: WARM_PRICES, entry: model };
  const price = firstUsable(candidatesOf(asked, files, env));
  return price === undefined ? undefined : priceOverrides(price);
}

function firstUsable<T>(candidates: ReadonlyArray<Candidate<T>>): T | undefined {
  const usable = candidates.find((candidate) => candidate.kind === 'usable');
  return usable?.kind === 'usable' ? usable.value : undefined;
}

function inMilliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
