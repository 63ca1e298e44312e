import { dirname } from 'node:path';
import { errnoOf } from '@csa/session';
import { type Limit, makeDriver, viewWarm, type WarmRecord, WarmStore, type WarmView } from '@csa/warm';
import { callerTurns } from '../caller-turn.ts';

/**
 * One look at what is or was kept warm, with all that tells of it: what was sent for the caller's other sessions, and
 * the caller's own requests and its provider's last limit. `undefined` where nothing was ever switched on.
 */
export function viewConversation(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<WarmView | undefined> {
  const settings = record.readState()?.settings;
  if (settings === undefined) return viewWarm(record, Date.now());
  const store = new WarmStore(dirname(record.root));
  return viewWarm(record, Date.now(), {
    others: store.booksBeside(record.key),
    turns: callerTurns(record.key.caller, env, settings.cwd),
    limit: limitIn(store, makeDriver(settings.driver, env).credential),
  });
}

function limitIn(store: WarmStore, credential: string): Limit | undefined {
  try {
    return store.flight(credential).limit();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
