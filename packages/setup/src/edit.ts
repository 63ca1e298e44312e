import type { Entry, Ours } from './entry.ts';

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
