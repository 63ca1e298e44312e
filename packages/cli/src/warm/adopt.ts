import { adoptHeartbeat, type WarmRecord } from '@csa/warm';
import { HEARTBEAT_SCRIPT } from './switch-on.ts';

/**
 * Starts the heartbeat that should run and does not: after a crash, a reboot, a kill. Gives lines for standard error;
 * never throws, because whoever needs the heartbeat does something else.
 */
export async function adopt(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<string[]> {
  if (env['CSA_WARM'] === 'off') return [];
  try {
    const answer = await adoptHeartbeat(record, { script: HEARTBEAT_SCRIPT, env });
    if (answer.kind === 'ready') return ['the heartbeat that keeps this cache warm was gone, and runs again'];
    return answer.kind === 'failed' ? [`the heartbeat that should run cannot be started: ${answer.message}`] : [];
  } catch (error) {
    return [`nobody can tell whether the heartbeat that should run does: ${(error as Error).message}`];
  }
}
