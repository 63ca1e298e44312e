import { parseDuration, type WaitDocument } from '@csa/calls';
import type { manyJson } from '@csa/calls/many';
import { KEEP_CAP_MS } from '@csa/calls/settings';
import { type NextCall, type NextStep, nextStep } from '../next-call.ts';
import { MAX_CAP_MS } from './cap-of.ts';

/** What a wait was asked for, as it was typed. */
export interface WaitInput {
  readonly ids: readonly string[];
  readonly mode?: 'all' | 'any' | undefined;
  readonly count?: number | undefined;
  readonly cap?: string | undefined;
}

type ManyDocument = ReturnType<typeof manyJson>;

const FAILURE_TAIL = 40;

/** What to do after a wait for one session. */
export function nextOfOne(document: WaitDocument, input: WaitInput): NextStep | null {
  const id = document.session ?? input.ids[0] ?? '';
  return nextStep(document.next, callAfter(document, input, { ended: afterEnd(id, document.exit), dead: id }));
}

/** What to do after a wait for several. */
export function nextOfMany(document: ManyDocument, input: WaitInput): NextStep | null {
  return nextStep(
    document.next,
    callAfter(document, input, { ended: restOf(document, input), dead: document.decided_by }),
  );
}

/** What differs between a wait for one session and one for several. */
interface Ends {
  readonly ended: NextCall | null;
  /** The session that is dead. */
  readonly dead: string | null;
}

function callAfter(
  { wait_result }: Pick<WaitDocument, 'wait_result'>,
  input: WaitInput,
  { ended, dead }: Ends,
): NextCall | null {
  switch (wait_result) {
    case 'finished':
      return ended;
    case 'dead':
      return { tool: 'session_status', arguments: { id: dead } };
    case 'alive':
    case 'unknown':
    case 'interrupted':
      return sameWait(input);
    default:
      return LIST;
  }
}

const LIST: NextCall = { tool: 'session_list', arguments: {} };

/** A success has been told in full; of a failure the output says more. */
function afterEnd(id: string, exit: number): NextCall {
  return exit === 0
    ? { tool: 'session_result', arguments: { id } }
    : { tool: 'session_logs', arguments: { id, tail: FAILURE_TAIL } };
}

/** The same question again; a short cap was a quick look, and to repeat it would be to poll. */
export function sameWait({ ids, mode, count, cap }: WaitInput): NextCall {
  const keeps = cap !== undefined && parseDuration(cap, { name: 'cap', minMs: 0, maxMs: MAX_CAP_MS }) >= KEEP_CAP_MS;
  return {
    tool: 'session_wait',
    arguments: {
      ids,
      ...(mode === undefined ? {} : { mode }),
      ...(count === undefined ? {} : { count }),
      ...(keeps ? { cap } : {}),
    },
  };
}

/** Where some were enough: those whose answers are still to come. */
function restOf({ sessions }: ManyDocument, { mode }: WaitInput): NextCall | null {
  const ids = sessions.flatMap(({ session, counts }) => (counts || session === null ? [] : [session]));
  return ids.length === 0
    ? null
    : { tool: 'session_wait', arguments: { ids, ...(mode === undefined ? {} : { mode }) } };
}
