import { isPrintableWord } from '@csa/markers';
import { listSessions, projectOf, Refusal, type SessionId } from '@csa/session';
import { shortIds } from '../../list/short-ids.ts';
import type { Located } from '../../locate.ts';

/** How the sessions of one project can be named from anywhere by the beginnings of their ids. */
export interface ShortNames {
  readonly project: string;
  readonly nameOf: (id: string) => string;
}

/** An answer whose ids take more does not repeat them in its words for people. */
const LONG_IDS_BYTES = 300;
const ID_BYTES = 27;
/** Each beginning is looked for among all of the project's sessions: whole ids are found faster among more. */
const MOST_SESSIONS = 1_000;

/** Whether so many ids are many: then they are printed once, and by their beginnings where that is safe. */
export function areMany(sessions: number): boolean {
  return sessions * ID_BYTES > LONG_IDS_BYTES;
}

/** `undefined` where whole ids are better: few of them, several projects, or one that a command could not name. */
export function shortNames(located: readonly Located[]): ShortNames | undefined {
  const [first] = located;
  if (first === undefined || !areMany(located.length)) return undefined;
  const { project, scope } = first;
  const isOfOne = located.every((one) => one.project === project && one.target.directory === undefined);
  if (!isOfOne || !isPrintableWord(project)) return undefined;
  try {
    // As a command will find it that is given this path: not the target of a link that stands there by now.
    if (projectOf(project) !== project) return undefined;
    const { ids } = listSessions({ ...scope, project });
    const nameOf = shortIds(ids);
    return ids.length > MOST_SESSIONS ? undefined : { project, nameOf: (id) => nameOf(id as SessionId) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
