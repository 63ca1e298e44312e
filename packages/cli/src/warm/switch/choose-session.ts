import { type Located, locate, lookupScope, type SessionWish } from '@csa/calls';
import { surveySessions } from '@csa/calls/list';
import { Refusal } from '@csa/session';

const ALIVE = new Set(['alive'] as const);

/** The session that is named, else the newest of the project that lives. @throws Refusal */
export async function chooseSession(wish: SessionWish, env: NodeJS.ProcessEnv): Promise<Located> {
  if (wish.id !== undefined || wish.dir !== undefined) return locate(wish, env);
  const scope = lookupScope(wish.cd, env);
  for await (const { located } of surveySessions(scope, { filter: { states: ALIVE }, atMost: 1 })) return located;
  throw new Refusal({
    reason: 'no-live-session',
    what: 'there is nothing to keep a cache warm for',
    expected: 'a live session of this project, or the id of one',
    got: `none alive in ${scope.project}`,
    next: 'Start one, or name a session of another project with --cd',
    command: ['session', 'list', '--cd', scope.project],
  });
}
