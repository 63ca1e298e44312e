import {
  type Asked,
  type Candidate,
  CONFIG_KEYS,
  type ConfigFile,
  type ConfigPlaces,
  candidatesOf,
  candidateWarnings,
  entriesOf,
  fileWarnings,
  keyPath,
  type Origin,
  readConfigFiles,
  type UnknownKey,
  unknownKeys,
} from '@csa/calls/config';

/** A setting as it is in force, and what it goes before. */
export interface Setting {
  readonly key: string;
  readonly shown: 'plainly' | 'as commands';
  /** Absent where nothing is set. */
  readonly value?: unknown;
  readonly origin: Origin;
  /** What would count without it, and what cannot be used, the strongest first. */
  readonly others: ReadonlyArray<Candidate<unknown>>;
}

/** All that there is to say of the configuration. */
export interface EffectiveConfig {
  readonly settings: readonly Setting[];
  readonly files: readonly ConfigFile[];
  readonly warnings: readonly string[];
  /** Keys that nobody here reads, by the path of their file; most are the older program's. */
  readonly foreign: ReadonlyArray<{ readonly path: string; readonly keys: readonly UnknownKey[] }>;
}

const MAX_ENTRIES = 100;

/** Never throws for what files and environment say. */
export function effectiveConfig(places: ConfigPlaces): EffectiveConfig {
  const files = readConfigFiles(places);
  const asked = CONFIG_KEYS.flatMap((key): Asked<unknown>[] => {
    if (key.holds === 'value') return [{ key }];
    return entriesOf(key, files)
      .slice(0, MAX_ENTRIES)
      .map((entry) => ({ key, entry }));
  });
  const said = asked.map((one) => ({ ...one, candidates: candidatesOf(one, files, places.env) }));
  const troubles = said.flatMap(({ candidates }) => candidateWarnings(candidates));
  return {
    settings: said.map(({ key, entry, candidates }) => settingOf({ key, entry }, candidates)),
    files,
    warnings: [...new Set([...fileWarnings(files), ...troubles])],
    foreign: files.flatMap((file) => {
      const keys = unknownKeys(file).filter(({ kind }) => kind === 'foreign');
      return keys.length === 0 || file.state !== 'read' ? [] : [{ path: file.path, keys }];
    }),
  };
}

function settingOf({ key, entry }: Asked<unknown>, candidates: ReadonlyArray<Candidate<unknown>>): Setting {
  const winner = candidates.find(({ kind }) => kind === 'usable');
  return {
    key: keyPath(key, entry),
    shown: key.shown,
    ...(winner?.kind === 'usable' ? { value: winner.value } : {}),
    origin: winner?.origin ?? { kind: 'default' },
    others: candidates.filter((candidate) => candidate !== winner),
  };
}
