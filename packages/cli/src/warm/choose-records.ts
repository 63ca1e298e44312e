import { isSessionId, projectAt, Refusal } from '@csa/session';
import { openWarmStore, type WarmCaller, type WarmFilter, type WarmRecord } from '@csa/warm';
import { type Located, locate, lookupScope, type SessionWish } from '../locate.ts';

/** Which conversations are meant. */
export interface RecordsWish extends SessionWish {
  /** Absent: every caller's. */
  readonly caller: WarmCaller | undefined;
}

export interface ChosenRecords {
  readonly records: readonly WarmRecord[];
  /** Where they were looked for, in words. */
  readonly place: string;
}

/**
 * What was ever kept warm for the session that is named, else for any session of the project. A session that has been
 * removed is still known by its whole id.
 * @throws Refusal
 */
export function chooseRecords({ caller, ...wish }: RecordsWish, env: NodeJS.ProcessEnv): ChosenRecords {
  const filter: WarmFilter = caller === undefined ? {} : { caller };
  const store = openWarmStore(env);
  if (wish.id === undefined && wish.dir === undefined) {
    const scope = lookupScope(wish.cd, env);
    const here = store.list(filter).filter((record) => {
      const directory = record.readState()?.settings.sessionDirectory;
      return directory !== undefined && projectAt(directory, scope.roots) === scope.project;
    });
    return { records: here, place: `the sessions of ${scope.project}` };
  }
  const session = sessionOf(wish, env, (id) => store.list({ ...filter, session: id }).length > 0);
  return { records: store.list({ ...filter, session }), place: `session ${session}` };
}

function sessionOf(
  wish: SessionWish,
  env: NodeJS.ProcessEnv,
  isKnown: (id: string) => boolean,
): Located['session']['id'] {
  try {
    return locate(wish, env).session.id;
  } catch (error) {
    const id = wish.id?.toUpperCase() ?? '';
    if (error instanceof Refusal && error.reason === 'not-found' && isSessionId(id) && isKnown(id)) return id;
    throw error;
  }
}
