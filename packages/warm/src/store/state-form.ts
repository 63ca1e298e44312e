import { count, flag, listOf, object, oneOf, optional, type Shape, tagged, text } from '@csa/session/files';
import type { DriverChoice } from '../drivers/driver-choice.ts';
import type { PriceOverrides } from '../policy/cache-price.ts';
import { WARM_REASONS } from '../policy/reason.ts';
import type { WarmKey } from './warm-key.ts';
import type { WarmPower, WarmSettings, WarmState } from './warm-state.ts';

const SCHEMA = 'csa.warm-state/1';

type StateDocument = WarmState & { readonly schema: string };
/** Of one command. */
export const MAX_WORDS: number = 1000;

const argv = listOf(text, MAX_WORDS);

export const callerShape: Shape<WarmKey['caller']> = object({
  agent: oneOf('claude-code', 'codex', 'other'),
  id: text,
});

const power: Shape<WarmPower> = tagged<WarmPower>('kind', {
  on: object({ kind: oneOf('on'), since: count, until: count }),
  off: object({ kind: oneOf('off'), at: count, reason: oneOf(...WARM_REASONS) }),
});

const credential = tagged<Extract<DriverChoice, { name: 'anthropic-replay' }>['credential']>('kind', {
  environment: object({ kind: oneOf('environment'), variable: oneOf('ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN') }),
  helper: object({ kind: oneOf('helper'), argv }),
});

const driver: Shape<DriverChoice> = tagged<DriverChoice>('name', {
  command: object({ name: oneOf('command'), argv, timeoutMs: count }),
  'anthropic-replay': object({ name: oneOf('anthropic-replay'), capture: text, baseUrl: text, credential }),
  'claude-fork': object({ name: oneOf('claude-fork') }),
  'codex-fork': object({ name: oneOf('codex-fork') }),
});

const settings: Shape<WarmSettings> = object<WarmSettings>({
  sessionDirectory: text,
  cwd: text,
  driver,
  durationGiven: flag,
  intervalMs: optional(count),
  ttl: object({ ms: count, source: oneOf('flag', 'transcript', 'config', 'default') }),
  model: optional(text),
  prices: optional(
    object<PriceOverrides>({
      inputPrice: optional(count),
      outputPrice: optional(count),
      readPerMille: optional(count),
      writePerMille: optional(count),
      writeHourPerMille: optional(count),
      minPrefixTokens: optional(count),
    }),
  ),
  budget: optional(count),
  budgetPerWarm: optional(count),
  threshold: count,
  maxWarms: optional(count),
  revive: flag,
});

const state: Shape<StateDocument> = object<StateDocument>({
  schema: oneOf(SCHEMA),
  generation: count,
  key: object({ caller: callerShape, session: text }),
  power,
  caller: oneOf('idle', 'active'),
  anchor: optional(count),
  settings,
});

/** @throws for whatever is no state of ours */
export function parseState(value: unknown): WarmState {
  const { schema: _, ...rest } = state(value);
  return rest;
}

/** As it stands on disk. */
export function stateDocument(value: WarmState): StateDocument {
  return { schema: SCHEMA, ...value };
}
