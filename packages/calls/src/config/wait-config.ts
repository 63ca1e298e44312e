import { ownValue } from '@csa/session';
import { nearest } from '../nearest.ts';
import { type Asked, type Candidate, fromFile } from './candidates.ts';
import { type ConfigFile, type ConfigPlaces, type ConfigScope, readConfigFiles } from './config-file.ts';
import type { ConfigKey } from './config-key.ts';
import { candidateWarnings, fileWarnings } from './file-warnings.ts';
import { ALIVE_EXIT_CODE, LONG_POLL, PROVIDER_TTLS, tomlName } from './keys.ts';

/** What the config files say of a wait; absent where they say nothing that can be used. */
export interface WaitConfig {
  /** Milliseconds, by the file that says so. */
  readonly capMs: Readonly<Partial<Record<ConfigScope, number>>>;
  readonly aliveExitCode?: number | undefined;
  /** For stderr; a bad config never makes a wait fail. */
  readonly warnings: readonly string[];
}

/** `provider`: whose entry in `[kv_cache.provider_ttls]` goes before the general value of the same file. */
export function waitConfig(places: ConfigPlaces, provider: string | undefined): WaitConfig {
  const files = readConfigFiles(places);
  const candidates: Candidate<number>[] = [];
  const capMs: Partial<Record<ConfigScope, number>> = {};
  for (const file of files) {
    const seconds =
      (provider === undefined ? undefined : said({ key: PROVIDER_TTLS, entry: provider }, file)) ??
      said({ key: LONG_POLL }, file);
    if (seconds !== undefined) capMs[file.scope] = seconds * 1_000;
  }
  const [aliveExitCode] = files
    .map((file) => said({ key: ALIVE_EXIT_CODE }, file))
    .filter((code) => code !== undefined);
  const warnings = [...fileWarnings(files), ...candidateWarnings(candidates), ...providerWarnings(files, provider)];
  return { capMs, aliveExitCode, warnings };

  function said(asked: Asked<number>, file: ConfigFile): number | undefined {
    const candidate = fromFile(asked, file);
    if (candidate !== undefined) candidates.push(candidate);
    return candidate?.kind === 'usable' ? candidate.value : undefined;
  }
}

/** A provider that no file knows. */
function providerWarnings(files: readonly ConfigFile[], provider: string | undefined): string[] {
  const known = entriesOf(PROVIDER_TTLS, files);
  if (provider === undefined || known.includes(provider)) return [];
  const near = provider.length > 64 ? undefined : nearest(provider, known);
  const advice = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  const name = tomlName(provider.slice(0, 64));
  return [`no config file has [kv_cache.provider_ttls] ${name}${advice}; going on without it`];
}

/** The user's names in a map that the files hold: `[kv_cache.provider_ttls]`. */
export function entriesOf({ table, name }: ConfigKey, files: readonly ConfigFile[]): string[] {
  const names = files.flatMap((file) => {
    const map = file.state === 'read' ? ownValue(ownValue(file.table, table), name) : null;
    return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : [];
  });
  return [...new Set(names)];
}
