import { dirname } from 'node:path';
import { viewWarm, type WarmRecord, WarmStore, type WarmView } from '@csa/warm';
import { callerTurns } from '../caller-turn.ts';

/**
 * One look at what is or was kept warm, with all that tells of it: what was sent for the caller's other sessions, and
 * the caller's own requests. `undefined` where nothing was ever switched on.
 */
export function viewConversation(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<WarmView | undefined> {
  const cwd = record.readState()?.settings.cwd;
  const turns = cwd === undefined ? [] : callerTurns(record.key.caller, env, cwd);
  const others = new WarmStore(dirname(record.root)).booksBeside(record.key);
  return viewWarm(record, Date.now(), { others, turns });
}
