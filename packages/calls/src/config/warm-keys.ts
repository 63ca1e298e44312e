import type { DriverName } from '@csa/warm';
import { DRIVERS } from '../warm/driver-names.ts';
import { type ConfigKey, PLAIN } from './config-key.ts';
import { type ModelPrice, modelPriceForm } from './model-price.ts';
import { argvForm, choiceForm, integerForm, numberForm, textForm } from './value-form.ts';

const WEEK_SECONDS = 7 * 86_400;
const MAX_DOLLARS = 100_000;
const WARM = { ...PLAIN, table: 'warm' } as const;
/** What runs a program, sends a credential somewhere or spends money: a repository has no say in it. */
const OWN = { ...WARM, files: 'user' } as const;

export const WARM_DRIVER: ConfigKey<DriverName> = {
  ...OWN,
  name: 'driver',
  form: choiceForm(DRIVERS),
  flag: '--driver',
  description: "What sends the requests that keep a prompt cache warm. Read from the user's file alone.",
};

export const WARM_COMMAND: ConfigKey<readonly string[]> = {
  ...OWN,
  name: 'command',
  form: argvForm,
  shown: 'as commands',
  description: "The program of the driver `command`, with its arguments. Read from the user's file alone.",
};

export const WARM_DURATION: ConfigKey<number> = {
  ...WARM,
  name: 'duration_seconds',
  form: integerForm({ min: 1, max: WEEK_SECONDS }),
  fallback: 1_800,
  description: 'For how long a cache is kept warm when nobody says.',
};

export const WARM_INTERVAL: ConfigKey<number> = {
  ...WARM,
  name: 'interval_seconds',
  form: integerForm({ min: 1, max: WEEK_SECONDS }),
  flag: '--interval',
  description: 'Seconds from the start of one request to the next; it stays 10 s below the life of the cache.',
};

export const WARM_TTL: ConfigKey<number> = {
  ...WARM,
  name: 'ttl_seconds',
  form: integerForm({ min: 11, max: WEEK_SECONDS }),
  flag: '--ttl',
  description: "For how long a provider keeps a prefix, where the caller's own transcript does not tell.",
};

export const WARM_BUDGET: ConfigKey<number> = {
  ...OWN,
  name: 'budget_usd',
  form: numberForm({ min: 0, max: MAX_DOLLARS }),
  flag: '--budget',
  description: "What keeping one conversation warm may cost in all. Read from the user's file alone.",
};

export const WARM_BUDGET_PER_WARM: ConfigKey<number> = {
  ...OWN,
  name: 'budget_per_warm_usd',
  form: numberForm({ min: 0, max: MAX_DOLLARS }),
  flag: '--budget-per-warm',
  description: "What one request may cost. Read from the user's file alone.",
};

export const WARM_THRESHOLD: ConfigKey<number> = {
  ...OWN,
  name: 'threshold_usd',
  form: numberForm({ min: 0, max: MAX_DOLLARS }),
  flag: '--threshold',
  fallback: 0.05,
  description: "The least saving that one request must promise. Read from the user's file alone.",
};

export const WARM_BASE_URL: ConfigKey<string> = {
  ...OWN,
  name: 'base_url',
  form: textForm('^https?://[^\\s\\u0000-\\u001f\\u007f]+$', 'an http or https URL'),
  flag: '--base-url',
  description: "Where the driver `anthropic-replay` sends its requests. Read from the user's file alone.",
};

export const WARM_CAPTURE: ConfigKey<string> = {
  ...OWN,
  name: 'capture',
  form: textForm('^/[^\\u0000]*$', 'an absolute path'),
  flag: '--capture',
  description: "The file with the caller's last request, for `anthropic-replay`. Read from the user's file alone.",
};

export const WARM_CREDENTIAL_HELPER: ConfigKey<readonly string[]> = {
  ...OWN,
  name: 'credential_helper',
  form: argvForm,
  shown: 'as commands',
  flag: '--credential-helper',
  description: "A program that prints the provider's credential. Read from the user's file alone.",
};

export const WARM_PRICES: ConfigKey<ModelPrice> = {
  ...OWN,
  name: 'prices',
  holds: 'map',
  form: modelPriceForm,
  description:
    "What one model charges: dollars per million input tokens, or a table of input, output, read, write, write_hour (multiples of input) and min_prefix_tokens. Read from the user's file alone.",
};

export const WARM_KEYS: ReadonlyArray<ConfigKey> = [
  WARM_DRIVER,
  WARM_COMMAND,
  WARM_DURATION,
  WARM_INTERVAL,
  WARM_TTL,
  WARM_BUDGET,
  WARM_BUDGET_PER_WARM,
  WARM_THRESHOLD,
  WARM_BASE_URL,
  WARM_CAPTURE,
  WARM_CREDENTIAL_HELPER,
  WARM_PRICES,
];
