import { Refusal, type StopRequest } from '@csa/session';
import type { Choice } from './choose-sessions.ts';
import { type StopEnd, stopSession } from './stop-session.ts';

/** What became of one session of many. */
export type StopAttempt =
  | { readonly kind: 'ended'; readonly end: StopEnd }
  | { readonly kind: 'failed'; readonly id: string; readonly reason: string; readonly message: string };

/** Sessions stopped side by side: each looks through the processes of the machine again and again. */
const WINDOW = 16;

/** Stops each of them, in any order; the answers keep the order of the choices. One that fails keeps no other. */
export async function stopMany(choices: readonly Choice[], request: StopRequest): Promise<readonly StopAttempt[]> {
  const attempts: StopAttempt[] = [];
  const rest = choices.entries();
  const worker = async (): Promise<void> => {
    for (const [i, choice] of rest) attempts[i] = await attempt(choice, request);
  };
  await Promise.all(Array.from({ length: WINDOW }, worker));
  return attempts;
}

async function attempt(choice: Choice, request: StopRequest): Promise<StopAttempt> {
  if (choice.kind === 'refused') return failed(choice.id, choice.refusal);
  try {
    return { kind: 'ended', end: await stopSession(choice.located, request) };
  } catch (error) {
    return failed(choice.located.session.id, error);
  }
}

/** Also a bug or trouble of this machine (EMFILE) is one session's alone. */
function failed(id: string, error: unknown): StopAttempt {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', id, reason: error instanceof Refusal ? error.reason : 'internal-error', message };
}
