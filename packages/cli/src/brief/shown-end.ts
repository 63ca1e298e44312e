import type { ShownEnd } from '@csa/brief/collected';
import type { WaitEnd } from '@csa/wait';

/** How the end of a wait or a look is remembered as shown; `undefined` where nothing has ended. */
export function shownEnd(end: WaitEnd): ShownEnd | undefined {
  if (end.kind === 'dead') return { kind: 'dead' };
  if (end.kind !== 'finished') return undefined;
  const { status, exitCode, completedAt } = end.outcome;
  return { kind: 'finished', status, exit: exitCode, ...(completedAt === undefined ? {} : { completedAt }) };
}
