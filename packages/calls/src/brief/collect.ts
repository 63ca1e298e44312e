import { realpathSync } from 'node:fs';
import { briefPlaces, markCollected, type ShownEnd } from '@csa/brief/collected';
import { errnoOf, projectAt, type Session, type StateRoots } from '@csa/session';
import type { WaitEnd, Waited } from '@csa/wait';
import type { Located } from '../locate.ts';

/** A session as it was shown: whose records decide, and what they say. */
export interface Shown {
  readonly session: Session;
  readonly waited: Pick<Waited, 'end'>;
}

/**
 * Remembers that somebody has seen how a session ended, and with a wrapper also the one that it stands for: a brief
 * names neither any more. What has not ended is not remembered. Never throws; nothing is made below a session.
 */
export function collect({ session: asked, scope: { roots } }: Located, { session, waited }: Shown): void {
  const end = shownEnd(waited.end);
  if (end === undefined) return;
  for (const one of new Set([asked, session])) {
    const project = isOwn(one) ? projectOf(one, roots) : undefined;
    if (project !== undefined) markCollected(briefPlaces(roots.primary, project).workshop, one.id, end);
  }
}

/** How an end is remembered as shown; `undefined` where nothing has ended. */
export function shownEnd(end: WaitEnd): ShownEnd | undefined {
  if (end.kind === 'dead') return { kind: 'dead' };
  if (end.kind !== 'finished') return undefined;
  const { status, exitCode, completedAt } = end.outcome;
  return { kind: 'finished', status, exit: exitCode, ...(completedAt === undefined ? {} : { completedAt }) };
}

/** What is another user's is his to collect; and nothing of ours may stand in his way there. */
function isOwn({ owner }: Session): boolean {
  return owner === process.geteuid?.();
}

/** `undefined` outside of both state roots: no brief tells of it. */
function projectOf({ directory }: Session, roots: StateRoots): string | undefined {
  return projectAt(directory, roots) ?? projectAt(directory, realRoots(roots));
}

/** A directory that was named (--dir) is known by its real path. */
function realRoots({ primary, legacy, isDefault }: StateRoots): StateRoots {
  return { primary: realPath(primary), legacy: realPath(legacy), isDefault };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return path;
  }
}
