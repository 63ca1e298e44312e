/** What an action was refused with: an error that says what, expected, got and the next step. */
export interface Refused extends Error {
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an action is refused with; an action that goes through, or breaks otherwise, fails the test. */
export function refusalOf(act: () => unknown): Refused {
  try {
    act();
  } catch (error) {
    if (isRefused(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

export function reasonOf(act: () => unknown): string {
  return refusalOf(act).reason;
}

function isRefused(error: unknown): error is Refused {
  return error instanceof Error && error.name === 'Refusal' && 'reason' in error && 'detail' in error;
}
