import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatDuration, type Located } from '@csa/calls';
import { warmConfig } from '@csa/calls/config';
import { Refusal } from '@csa/session';
import { openWarmStore } from '@csa/warm/hook';
import { chooseSession } from '../switch/choose-session.ts';
import type { HookEvent } from './hook-event.ts';

const CSA = fileURLToPath(new URL('../../../bin/csa.js', import.meta.url));

/**
 * Switches warming on for the newest live session of the conversation's project, in a process that is not waited for.
 * Only where the user's config names a driver, and neither where it is on nor where the user has switched it off.
 */
export async function warmAfterTurn(
  { conversation, cwd }: HookEvent,
  ms: number,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (cwd === undefined || env['CSA_WARM'] === 'off') return;
  const located = await newestLive(cwd, env);
  if (located === undefined) return;
  if (warmConfig({ env, project: located.project }).driver === undefined) return;
  const key = { caller: { agent: 'claude-code', id: conversation }, session: located.session.id } as const;
  const power = openWarmStore(env).record(key).readState()?.power;
  if (power?.kind === 'on' || power?.reason === 'not_enabled') return;
  const words = ['session', 'warm', 'on', formatDuration(ms), '--dir', located.session.directory];
  const child = spawn(process.execPath, [CSA, ...words, '--caller', `claude-code:${conversation}`], {
    cwd,
    env,
    detached: true,
    stdio: 'ignore',
  });
  // A machine that starts no process warms nothing; the next turn tries again.
  child.on('error', () => {});
  child.unref();
}

async function newestLive(cd: string, env: NodeJS.ProcessEnv): Promise<Located | undefined> {
  try {
    return await chooseSession({ cd }, env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
