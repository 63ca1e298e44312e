import { Refusal } from '@csa/session';

/** What an action is refused with; an action that goes through, or breaks otherwise, fails the test. */
export function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

export function reasonOf(act: () => unknown): string {
  return refusalOf(act).reason;
}
