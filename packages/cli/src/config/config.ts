import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errnoOf, MAX_RECORD_BYTES, ownValue, parseToml, type TomlTable } from '@csa/session';

/** What a config file says of waiting; absent where it says nothing that can be used. */
export interface WaitConfig {
  readonly capMs?: number;
  readonly aliveExitCode?: number;
}

export interface LoadedConfig {
  readonly config: WaitConfig;
  /** For stderr; a bad config never makes a wait fail. */
  readonly warnings: readonly string[];
}

const MAX_CAP_SECONDS = 7 * 86_400;

/**
 * Reads one config file: `[kv_cache] long_poll_seconds`, `[kv_cache.provider_ttls]` (used for `provider`) and
 * `[wait] alive_exit_code`. Never throws for what is in the file.
 */
export function loadConfig(path: string, provider: string | undefined): LoadedConfig {
  const warnings: string[] = [];
  const table = readTable(path, warnings);
  if (table === undefined) return { config: {}, warnings };
  const cache = ownValue(table, 'kv_cache');
  const capKey = provider === undefined ? undefined : ownValue(ownValue(cache, 'provider_ttls'), provider);
  const seconds =
    integer(capKey, 1, MAX_CAP_SECONDS, `kv_cache.provider_ttls.${provider}`) ??
    integer(ownValue(cache, 'long_poll_seconds'), 1, MAX_CAP_SECONDS, 'kv_cache.long_poll_seconds');
  const alive = integer(ownValue(ownValue(table, 'wait'), 'alive_exit_code'), 0, 255, 'wait.alive_exit_code');
  if (provider !== undefined && capKey === undefined) {
    warnings.push(`${path} has no [kv_cache.provider_ttls] ${JSON.stringify(provider)}; going on without it`);
  }
  const isReserved = alive === 124 || alive === 125;
  if (isReserved) warnings.push(`${path}: wait.alive_exit_code must not be 124 or 125, got ${alive}; it is ignored`);
  return {
    config: {
      ...(seconds === undefined ? {} : { capMs: seconds * 1_000 }),
      ...(alive === undefined || isReserved ? {} : { aliveExitCode: alive }),
    },
    warnings,
  };

  function integer(value: unknown, min: number, max: number, key: string): number | undefined {
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
    warnings.push(
      `${path}: ${key} must be an integer from ${min} to ${max}, got ${describeValue(value)}; it is ignored`,
    );
    return undefined;
  }
}

/** A table or an array is named by its kind: its keys may be anything, `toString` too. */
function describeValue(value: unknown): string {
  if (typeof value === 'object') return 'a table or an array';
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).slice(0, 40);
}

export function readTable(path: string, warnings: string[]): TomlTable | undefined {
  try {
    const text = readConfigFile(path);
    return text === undefined ? undefined : parseToml(text);
  } catch (error) {
    // A syntax error names line and column.
    const why = error instanceof Error ? error.message : String(error);
    warnings.push(`the config file ${path} cannot be used: ${why}; going on with defaults`);
    return undefined;
  }
}

function readConfigFile(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error('it is no regular file');
    if (stat.size > MAX_RECORD_BYTES) throw new Error(`it has ${stat.size} bytes, more than ${MAX_RECORD_BYTES}`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
