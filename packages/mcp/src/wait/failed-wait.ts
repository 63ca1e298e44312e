import type { Hints } from '@csa/calls';
import { NO_ANSWER_EXIT } from '@csa/calls';
import { emptyWaitDocument } from '@csa/calls/wait';
import type { Refusal } from '@csa/session';
import type { Answer } from '../answer.ts';
import { troubleOf } from '../failure.ts';
import { nextStep } from '../next-call.ts';

/** The document of a wait that could not even begin. */
export function failedWait(refusal: Refusal, hints: Hints, ids: readonly string[]): Answer {
  const { reason, message, session, next } = troubleOf(refusal);
  const command = refusal.detail.command ?? ['session', 'list'];
  const call = next ?? { tool: 'session_list', arguments: {} };
  const document = {
    ...emptyWaitDocument(NO_ANSWER_EXIT),
    session: session ?? (ids.length === 1 ? (ids[0] ?? null) : null),
    wait_result: reason === 'not-found' ? 'not_found' : 'error',
    reason,
    message,
    next: nextStep({ cmd: hints.command(command), tool_timeout_ms: null }, call),
  };
  return { kind: 'document', document, isError: true };
}
