import { ownValue, Refusal } from '@csa/session';
import type { ConfigFile, ReadConfigFile } from './config-file.ts';
import type { ConfigKey } from './config-key.ts';
import { keyPath } from './keys.ts';
import { describeValue } from './value-form.ts';

/** Who says something of a setting. */
export type Origin =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'project' | 'user'; readonly path: string; readonly line?: number | undefined }
  | { readonly kind: 'default' };

/** What one of them says. `why`: a sentence for people that names the place; it never holds a secret. */
export type Candidate<T> =
  | { readonly kind: 'usable'; readonly origin: Origin; readonly value: T }
  | { readonly kind: 'unusable'; readonly origin: Origin; readonly given: string; readonly why: string };

/** A setting, or the one entry of a map that is meant. */
export interface Asked<T> {
  readonly key: ConfigKey<T>;
  readonly entry?: string | undefined;
}

/** All that is said of a setting, the strongest first; the first that can be used counts. */
export function candidatesOf<T>(asked: Asked<T>, files: readonly ConfigFile[], env: NodeJS.ProcessEnv): Candidate<T>[] {
  const { fallback } = asked.key;
  const told = [fromEnvironment(asked, env), ...files.map((file) => fromFile(asked, file))];
  const spoken = told.filter((candidate) => candidate !== undefined);
  return fallback === undefined
    ? spoken
    : [...spoken, { kind: 'usable', origin: { kind: 'default' }, value: fallback }];
}

/** A variable that is empty is not set. */
function fromEnvironment<T>({ key, entry }: Asked<T>, env: NodeJS.ProcessEnv): Candidate<T> | undefined {
  const text = key.variable === undefined || entry !== undefined ? undefined : env[key.variable.name];
  if (key.variable === undefined || !text) return undefined;
  const origin: Origin = { kind: 'environment', variable: key.variable.name };
  try {
    return { kind: 'usable', origin, value: key.variable.read(text) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      kind: 'unusable',
      origin,
      given: describeValue(text),
      why: `${error.message} Until then every wait is refused.`,
    };
  }
}

/** What a file says; `undefined` where it says nothing. */
export function fromFile<T>({ key, entry }: Asked<T>, file: ConfigFile): Candidate<T> | undefined {
  if (file.state !== 'read') return undefined;
  const held = ownValue(ownValue(file.table, key.table), key.name);
  const given = entry === undefined ? held : ownValue(held, entry);
  if (given === undefined) return undefined;
  const path = [key.table, key.name, ...(entry === undefined ? [] : [entry])];
  const line = file.lineOf(path);
  const origin: Origin = { kind: file.scope, path: file.path, line };
  const refused = key.files === 'user' ? whyUntrusted(file) : undefined;
  const value = refused === undefined ? key.form.read(given) : undefined;
  if (value !== undefined) return { kind: 'usable', origin, value };
  const shown = key.shown === 'plainly' || typeof given !== 'string' ? describeValue(given) : 'a string';
  const trouble = refused ?? `must be ${key.form.expected}, got ${shown}; it is ignored`;
  return { kind: 'unusable', origin, given: shown, why: `${placeIn(file, line)}: ${keyPath(key, entry)} ${trouble}` };
}

/** As editors and compilers name a place. */
export function placeIn({ path }: { readonly path: string }, line: number | undefined): string {
  return line === undefined ? path : `${path}:${line}`;
}

const WRITABLE_BY_ALL = 0o002;

/** Why a file may not name commands to run: others may have written it. */
function whyUntrusted({ scope, owner, mode }: ReadConfigFile): string | undefined {
  if (scope === 'project')
    return "counts in the user's config alone: a repository must not run commands or spend money; it is ignored";
  const uid = process.getuid?.();
  if (owner !== 0 && owner !== uid) return `is ignored: the file belongs to uid ${owner}, not to you`;
  return (mode & WRITABLE_BY_ALL) === 0 ? undefined : 'is ignored: everybody may write the file (chmod o-w it)';
}
