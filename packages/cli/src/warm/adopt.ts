import { adoptHeartbeat, endHeartbeat, off, type WarmRecord } from '@csa/warm';
import { HEARTBEAT_SCRIPT } from './heartbeat-script.ts';

/**
 * Starts the heartbeat that should run and does not: after a crash, a reboot, a kill. Gives lines for standard error;
 * never throws, because whoever needs the heartbeat does something else.
 */
export async function adopt(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    if (env['CSA_WARM'] === 'off') return await kill(record);
    const answer = await adoptHeartbeat(record, { script: HEARTBEAT_SCRIPT, env });
    if (answer.kind === 'ready') return ['the heartbeat that keeps this cache warm was gone, and runs again'];
    return answer.kind === 'failed' ? [`the heartbeat that should run cannot be started: ${answer.message}`] : [];
  } catch (error) {
    return [`nobody can tell whether the heartbeat that should run does: ${(error as Error).message}`];
  }
}

/** CSA_WARM=off stops what runs, too. */
async function kill(record: WarmRecord): Promise<string[]> {
  if (record.readState()?.power.kind !== 'on') return [];
  record.change(off(Date.now(), 'kill_switch'));
  await endHeartbeat(record);
  return ['this cache is no longer kept warm: CSA_WARM=off stops everything'];
}
