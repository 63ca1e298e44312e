// What keeps the action from an answer, in the form of csa's own documents.

/** Its message is for the user and says what was expected and got. */
export class Trouble extends Error {}

/** @param {unknown} error @returns a document as csa itself would print it, with exit code 125 */
export function troubleDocument(error) {
  const message = error instanceof Error ? error.message : String(error);
  const reason = error instanceof Trouble ? 'usage' : 'internal-error';
  return { session: null, wait_result: 'error', status: null, exit: 125, reason, message };
}
