import { emptyWaitDocument, NO_ANSWER_EXIT } from '@csa/calls';
import type { Failure } from '../failure.ts';

/** The document of a wait that could not even begin: the one that every wait has. */
export function failedWait({ reason, message, session, next }: Failure): object {
  return {
    ...emptyWaitDocument(NO_ANSWER_EXIT),
    session,
    wait_result: reason === 'not-found' ? 'not_found' : 'error',
    reason,
    message,
    next,
  };
}
