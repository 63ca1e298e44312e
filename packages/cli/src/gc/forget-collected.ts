import { dirname } from 'node:path';
import { briefPlaces, pruneCollected } from '@csa/brief/collected';
import { type LookupScope, listSessions, Refusal, type StateRoots, sessionsDirectoriesBelow } from '@csa/session';

/** Forgets whose end was shown of the sessions that are gone. Never throws: they are gone already. */
export function forgetCollected({ project, roots }: LookupScope, allProjects: boolean): void {
  try {
    for (const one of allProjects ? projectsOf(roots) : [project]) forgetOf({ project: one, roots });
  } catch (error) {
    // Who cannot list the sessions knows of none that it is gone.
    if (!(error instanceof Refusal)) throw error;
  }
}

function forgetOf(scope: LookupScope): void {
  let there: ReadonlySet<string> | undefined;
  pruneCollected(briefPlaces(scope.roots.primary, scope.project).workshop, (id) => {
    there ??= new Set<string>(listSessions(scope).ids);
    return there.has(id);
  });
}

function projectsOf({ primary, legacy }: StateRoots): Set<string> {
  const below = (root: string): string[] =>
    sessionsDirectoriesBelow(root).map((sessions) => dirname(sessions).slice(root.length) || '/');
  return new Set([...below(primary), ...below(legacy)]);
}
