import { findByEnvironment, probe } from '@csa/liveness';
import { readCommand } from './daemon.ts';
import { SESSION_COOKIE } from './environment.ts';
import type { Session } from './session.ts';

/**
 * Processes of the command that outlived their supervisor: the command itself by its recorded identity, else whatever
 * still carries the session's id in its environment (a grandchild, or a command that started right before the
 * supervisor died).
 */
export async function findSurvivors(session: Session): Promise<number[]> {
  const command = readCommand(session);
  const others = findByEnvironment(SESSION_COOKIE, session.id);
  if (command.kind !== 'present') return others;
  const liveness = await probe(command.value);
  const { pid } = command.value;
  return liveness.state === 'alive' ? [pid, ...others.filter((other) => other !== pid)] : others;
}
