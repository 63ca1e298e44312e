import type { Json, JsonPath } from './json/json-value.ts';

/** What was written into a file: what is found unchanged is ours, everything else is the user's. */
export type Entry =
  | {
      readonly kind: 'member' | 'item';
      readonly id: string;
      readonly path: JsonPath;
      readonly value: Json;
      readonly isBase?: boolean;
    }
  | { readonly kind: 'block'; readonly id: string; readonly text: string };

/** All that is ours in one file. */
export interface Ours {
  readonly entries: readonly Entry[];
  /** Objects and arrays that were made for our entries. */
  readonly holders: readonly JsonPath[];
}

export const NOTHING_OURS: Ours = { entries: [], holders: [] };

/** What has become of one wish. `paste`: what the user may write there instead. */
export type Outcome =
  | { readonly kind: 'added' | 'updated' | 'present' | 'removed'; readonly id: string; readonly about: string }
  | {
      readonly kind: 'left';
      readonly id: string;
      readonly about: string;
      readonly why: string;
      readonly paste: readonly string[];
    };

/** A text with our entries in it, or without. */
export interface Edited {
  readonly text: string;
  readonly ours: Ours;
  readonly outcomes: readonly Outcome[];
}

export type Edit = ({ readonly kind: 'edited' } & Edited) | { readonly kind: 'unparsable'; readonly why: string };

/** A text without our entries. */
export interface Stripped {
  readonly text: string;
  /** Those that are no longer as they were written; they stay. */
  readonly edited: readonly Entry[];
}
