import type { WaitDocument } from '@csa/calls';

/** The one JSON document of a turn (`csa.session-warm/1`): that of a wait, and what a turn says beside it. */
export type TurnDocument = Omit<WaitDocument, 'schema' | 'next'> & TurnParts;

interface TurnParts {
  readonly schema: 'csa.session-warm/1';
  readonly action: 're-warm' | 'background' | 'collect' | null;
  /** How the session ended, in one word; its verdict is the wait's. */
  readonly outcome: 'success' | 'failure' | null;
  /** How many turns in a row the caller has taken for this session, this one among them. */
  readonly turns: number | null;
  readonly ttl_ms: number | null;
  readonly ttl_source: string | null;
  readonly cache: string | null;
  readonly next: {
    readonly cmd: string;
    readonly full_cmd: string | null;
    readonly tool_timeout_ms: number | null;
    readonly run_in_background: boolean;
  } | null;
}

/** What a turn says where csa could not answer. */
export const emptyTurnParts: TurnParts = {
  schema: 'csa.session-warm/1',
  action: null,
  outcome: null,
  turns: null,
  ttl_ms: null,
  ttl_source: null,
  cache: null,
  next: null,
};

/** The document of a failure: as a wait's, under the turn's own name. */
export function failedTurn({ next, ...document }: WaitDocument): TurnDocument {
  return {
    ...document,
    ...emptyTurnParts,
    next: next === null ? null : { ...next, full_cmd: null, run_in_background: false },
  };
}
