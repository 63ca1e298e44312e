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
