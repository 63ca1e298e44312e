import { findByEnvironment, groupByEnvironment, probe } from '@csa/liveness';
import { readCommand } from './daemon.ts';
import { HOOK_COOKIE, SESSION_COOKIE } from './environment.ts';
import type { Session } from './session.ts';
import type { SessionId } from './session-id.ts';

/**
 * Processes that carry a session's id in their environment, in whatever group they are by now.
 * @throws a system error where processes cannot be listed
 */
export function findBearers(id: SessionId): number[] {
  return findByEnvironment(SESSION_COOKIE, id);
}

/** Who carries which session's id. */
export type Bearers = (id: SessionId) => readonly number[];

/** The same for many sessions: processes are looked at once, when somebody first asks. @throws as above */
export function sweptBearers(): Bearers {
  return swept(SESSION_COOKIE);
}

/** Likewise for the runners of their hooks, the hooks, and what these have started. @throws as above */
export function sweptHooks(): Bearers {
  return swept(HOOK_COOKIE);
}

/**
 * Processes of the command that outlived their supervisor: the command itself by its recorded identity, and whatever
 * still carries the session's id in its environment (a grandchild, or a command that started right before the
 * supervisor died).
 */
export async function findSurvivors(session: Session): Promise<number[]> {
  const command = await findLivingCommand(session);
  const others = findBearers(session.id);
  return command === undefined ? others : [command, ...others.filter((other) => other !== command)];
}

/** One of them, the command itself if it lives: then no other process is looked at. */
export async function findSurvivor(session: Session, bearers: Bearers = findBearers): Promise<number | undefined> {
  return (await findLivingCommand(session)) ?? bearers(session.id)[0];
}

async function findLivingCommand(session: Session): Promise<number | undefined> {
  const command = readCommand(session);
  if (command.kind !== 'present') return undefined;
  return (await probe(command.value)).state === 'alive' ? command.value.pid : undefined;
}

function swept(cookie: string): Bearers {
  let found: ReadonlyMap<string, readonly number[]> | undefined;
  return (id) => {
    found ??= groupByEnvironment(cookie);
    return found.get(id) ?? [];
  };
}
