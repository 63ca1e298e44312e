import { type Located, locate, lookupScope, type SessionWish } from '@csa/calls';
import { errnoOf, isSessionId, projectAt, Refusal } from '@csa/session';
import { openWarmStore, type WarmCaller, type WarmFilter, type WarmRecord } from '@csa/warm';

/** Which conversations are meant. */
export interface RecordsWish extends SessionWish {
  /** Absent: every caller's. */
  readonly caller: WarmCaller | undefined;
  /** Whether what cannot be read is passed over, as in a list, or makes it fail. */
  readonly trouble: 'skip' | 'throw';
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
export function chooseRecords(wish: RecordsWish, env: NodeJS.ProcessEnv): ChosenRecords {
  try {
    return recordsOf(wish, env);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw new Refusal({
      reason: 'warm-state-unreadable',
      what: 'it cannot be told what is kept warm',
      expected: 'files of the state root that can be read',
      got: code,
      next: 'Nothing was changed. Try again',
    });
  }
}

function recordsOf({ caller, trouble, ...wish }: RecordsWish, env: NodeJS.ProcessEnv): ChosenRecords {
  const filter: WarmFilter = caller === undefined ? {} : { caller };
  const store = openWarmStore(env);
  if (wish.id === undefined && wish.dir === undefined) {
    const scope = lookupScope(wish.cd, env);
    const here = store.list(filter, trouble).filter((record) => {
      const directory = record.readState()?.settings.sessionDirectory;
      return directory !== undefined && projectAt(directory, scope.roots) === scope.project;
    });
    return { records: here, place: `the sessions of ${scope.project}` };
  }
  const session = sessionOf(wish, env, (id) => store.list({ ...filter, session: id }, trouble).length > 0);
  return { records: store.list({ ...filter, session }, trouble), place: `session ${session}` };
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
