import type { Json, JsonPath } from './json/json-value.ts';

/** Something that a configuration is to hold. `id` names it within its file, from one run to the next. */
interface Wished {
  readonly id: string;
  /** What it is good for, in a few words. */
  readonly about: string;
}

/** A key of an object. */
export interface MemberWish extends Wished {
  readonly kind: 'member';
  readonly path: JsonPath;
  readonly value: Json;
  /** A number of the user's that is no smaller does as well. */
  readonly isLeast?: boolean;
  /** What a new file needs, whatever else it holds; nothing for one that says something already. */
  readonly isBase?: boolean;
}

/** An element of an array. */
export interface ItemWish extends Wished {
  readonly kind: 'item';
  readonly path: JsonPath;
  readonly value: Json;
  /** Whatever holds these words does the same already. */
  readonly mark?: string;
}

/** Tables of TOML, as they are written. */
export interface BlockWish extends Wished {
  readonly kind: 'block';
  /** Of the one table, or of the one array of tables, that it holds. */
  readonly path: JsonPath;
  readonly lines: readonly string[];
  readonly mark?: string;
}

/** A configuration file of an agent, and what it is to hold. */
export type ConfigFile =
  | { readonly format: 'json'; readonly path: string; readonly wishes: readonly (MemberWish | ItemWish)[] }
  | { readonly format: 'toml'; readonly path: string; readonly wishes: readonly BlockWish[] }
  /** A file that is ours as a whole. */
  | { readonly format: 'own'; readonly path: string; readonly about: string; readonly text: string };
