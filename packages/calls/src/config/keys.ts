import { parseDuration } from '../duration.ts';
import { chooseAliveExitCode } from '../wait/alive-exit-code.ts';
import { DEFAULT_CAP_MS, MAX_CAP_MS } from '../wait/cap.ts';
import { type ConfigKey, PLAIN } from './config-key.ts';
import { commandsForm, integerForm } from './value-form.ts';
import { WARM_KEYS } from './warm-keys.ts';

const MAX_CAP_SECONDS = MAX_CAP_MS / 1_000;
const CAP_RANGE = { name: 'CSA_WAIT_CAP', minMs: 0, maxMs: MAX_CAP_MS };

export const LONG_POLL: ConfigKey<number> = {
  ...PLAIN,
  table: 'kv_cache',
  name: 'long_poll_seconds',
  form: integerForm({ min: 1, max: MAX_CAP_SECONDS }),
  variable: { name: 'CSA_WAIT_CAP', read: (text) => parseDuration(text, CAP_RANGE) / 1_000 },
  flag: '--cap',
  fallback: DEFAULT_CAP_MS / 1_000,
  description: 'Seconds after which a wait answers at the latest.',
};

export const PROVIDER_TTLS: ConfigKey<number> = {
  ...PLAIN,
  table: 'kv_cache',
  name: 'provider_ttls',
  holds: 'map',
  form: integerForm({ min: 1, max: MAX_CAP_SECONDS }),
  description: 'The same for one model provider, chosen with --model-provider.',
};

export const ALIVE_EXIT_CODE: ConfigKey<number> = {
  ...PLAIN,
  table: 'wait',
  name: 'alive_exit_code',
  form: integerForm({ min: 0, max: 255, except: [124, 125] }),
  variable: { name: 'CSA_ALIVE_EXIT_CODE', read: (env) => chooseAliveExitCode({ env }) },
  flag: '--alive-exit-code',
  fallback: 0,
  description: 'Exit code of a wait that ends while the session is alive; 75 keeps `wait && deploy` honest in CI.',
};

export const SESSION_FINISHED: ConfigKey<readonly string[]> = {
  table: 'hooks',
  name: 'session_finished',
  holds: 'value',
  form: commandsForm,
  files: 'user',
  shown: 'as commands',
  description: "Shell command(s) to run when a session has finished. Read from the user's file alone.",
};

/** Every setting that takes effect, in the order in which they are shown. */
export const CONFIG_KEYS: ReadonlyArray<ConfigKey> = [
  LONG_POLL,
  PROVIDER_TTLS,
  ALIVE_EXIT_CODE,
  SESSION_FINISHED,
  ...WARM_KEYS,
];

/** How a person names it: `kv_cache.provider_ttls.openai`. */
export function keyPath({ table, name }: Pick<ConfigKey, 'table' | 'name'>, entry?: string): string {
  return entry === undefined ? `${table}.${name}` : `${table}.${name}.${tomlName(entry)}`;
}

/** A name as TOML has it: bare, or quoted. */
export function tomlName(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}
