import { cleanLine } from '@csa/markers';
import { ownValue } from '@csa/session';
import { nearest } from '../nearest.ts';
import { placeIn } from './candidates.ts';
import type { ConfigFile, ReadConfigFile } from './config-file.ts';
import { CONFIG_KEYS, keyPath, tomlName } from './keys.ts';
import { OLDER_KEYS, OLDER_TABLES } from './older-program.ts';

/** A longer name is no slip of the fingers. */
const MAX_NAME = 64;
const MAX_TOLD = 10;

/** A key that this program does not read. `mistake`: it was probably meant for us, `meant` says as what. */
export interface UnknownKey {
  readonly kind: 'mistake' | 'foreign';
  /** As TOML names it, clean. */
  readonly key: string;
  readonly line: number | undefined;
  readonly meant: string | undefined;
}

const TABLES = [...new Set(CONFIG_KEYS.map(({ table }) => table))];

/** What a file holds that is no setting of ours, as far as its first two levels. */
export function unknownKeys(file: ConfigFile): UnknownKey[] {
  if (file.state !== 'read') return [];
  return Object.keys(file.table).flatMap((name) =>
    TABLES.includes(name) ? unknownInTable(file, name) : [unknownAtRoot(file, name)],
  );
}

/** One warning for each mistake; a flood of them is cut. */
export function mistakeWarnings(file: ConfigFile): string[] {
  if (file.state !== 'read') return [];
  const mistakes = unknownKeys(file).filter(({ kind }) => kind === 'mistake');
  const told = mistakes.slice(0, MAX_TOLD).map(({ key, line, meant }) => {
    const advice = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    return `${placeIn(file, line)}: unknown key ${key}${advice}; it is ignored`;
  });
  const rest = mistakes.length - told.length;
  return rest === 0 ? told : [...told, `${file.path}: ${rest} more unknown keys`];
}

function unknownInTable(file: ReadConfigFile, table: string): UnknownKey[] {
  const held = ownValue(file.table, table);
  if (isNoTable(held)) return [unknown(file, [table], `[${table}]`)];
  const keys = CONFIG_KEYS.filter((key) => key.table === table);
  const ours = keys.map(({ name }) => name);
  const others = Object.keys(held as object).filter(
    (name) => !ours.includes(name) && !OLDER_KEYS.get(table)?.includes(name),
  );
  const flat = keys.filter(({ holds, name }) => holds === 'map' && isNoTable(ownValue(held, name)));
  return [
    ...others.map((name) => {
      const near = name.length > MAX_NAME ? undefined : nearest(name, ours);
      const meant = near === undefined ? elsewhere(name) : keyPath({ table, name: near });
      return unknown(file, [table, name], meant);
    }),
    ...flat.map((key) => unknown(file, [table, key.name], `[${keyPath(key)}]`)),
  ];
}

function isNoTable(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value));
}

function unknownAtRoot(file: ReadConfigFile, name: string): UnknownKey {
  const isFar = name.length > MAX_NAME || OLDER_TABLES.includes(name);
  const table = isFar ? undefined : nearest(name, TABLES);
  const meant = elsewhere(name) ?? (table === undefined ? undefined : `[${table}]`);
  return { ...unknown(file, [name], meant), kind: meant === undefined ? 'foreign' : 'mistake' };
}

/** The setting of this very name in whatever table. */
function elsewhere(name: string): string | undefined {
  const key = CONFIG_KEYS.find((candidate) => candidate.name === name);
  return key === undefined ? undefined : keyPath(key);
}

function unknown(file: ReadConfigFile, path: readonly string[], meant: string | undefined): UnknownKey {
  const key = cleanLine(path.map(tomlName).join('.'), MAX_NAME);
  return { kind: 'mistake', key, line: file.lineOf(path), meant };
}
