import { type LookupScope, listAllSessions, projectAt, type StateRoots } from '@csa/session';

/** Every project that has sessions, in the order of their paths. @throws Refusal reason=state-root-unreadable */
export function projectsWithSessions(roots: StateRoots): LookupScope[] {
  const { ids, directoryOf } = listAllSessions(roots);
  const projects = ids.map((id) => projectAt(directoryOf(id) ?? '', roots)).filter((project) => project !== undefined);
  return Array.from(new Set(projects))
    .sort()
    .map((project) => ({ project, roots }));
}
