import type { WaitStory } from '@csa/calls/wait';

/** How the end of a wait is to be worded. */
export interface Wording {
  readonly isCi: boolean;
  readonly json: boolean;
  /** Standard error shows colours. */
  readonly hasColour?: boolean;
  /** Further lines for standard error: warnings, and what --verbose asks for. */
  readonly notes: readonly string[];
}

/** The end of a wait for one session, and how it is to be worded. */
export interface WordedWait extends WaitStory, Wording {}
