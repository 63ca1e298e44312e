/** Two ids of sessions. */
export const SESSION_ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
export const OTHER_ID = '01M0F77JH0BVPKWYNPY80M71YA';

interface OutcomeFields {
  readonly status: string;
  readonly exitCode: number;
  readonly success: boolean;
}

/** How a session has finished. `rest`: what else its record says. */
export function outcomeOf<Rest extends object = object>(
  status: string,
  exitCode: number,
  rest?: Rest,
): OutcomeFields & Rest {
  const success = (status === 'success' || status === 'retired') && exitCode === 0;
  return { status, exitCode, success, ...(rest as Rest) };
}

interface FinishedEnd<Outcome> {
  readonly kind: 'finished';
  readonly source: 'result' | 'daemon-completion';
  readonly outcome: Outcome;
  readonly daemonAlive: boolean;
  readonly reason?: 'result-missing';
}

/** The end of a wait for a session that has finished so. */
export function finished<Outcome extends OutcomeFields>(
  outcome: Outcome,
  rest: Partial<Pick<FinishedEnd<Outcome>, 'source' | 'reason' | 'daemonAlive'>> = {},
): FinishedEnd<Outcome> {
  return { kind: 'finished', source: 'result', outcome, daemonAlive: false, ...rest };
}
