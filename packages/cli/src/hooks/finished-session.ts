import { setTimeout as delay } from 'node:timers/promises';
import { hintTarget, type Located, type WaitDocument } from '@csa/calls';
import { lookAtSession } from '@csa/calls/look';
import { waitForLeaving } from '@csa/calls/stop';
import { waitExitCode, waitJson } from '@csa/calls/wait';
import { probe } from '@csa/liveness';
import {
  openNamedDirectory,
  projectAt,
  Refusal,
  readDaemon,
  type Session,
  type StateRoots,
  stateRoots,
} from '@csa/session';
import type { HookErrand } from '@csa/supervisor';
import { SessionSource } from '@csa/wait';
import { ownHints } from '../program.ts';

/** A session that is over, and what a wait for it says. */
export interface FinishedSession {
  readonly located: Located;
  /** The one line that `csa session wait ID --cap 0 --json` prints. */
  readonly line: string;
  readonly document: WaitDocument;
}

/** A supervisor that has handed over its hooks has nothing left to do. */
const LEAVING_MS = 10_000;
const LEAVING_LOOK_MS = 10;

/**
 * Looks at a session once its supervisor has left.
 * @throws Refusal reason=not-found | invalid-directory: it has been removed
 */
export async function lookAtFinished({ directory, project, env }: HookErrand): Promise<FinishedSession> {
  const located = locateDirectory(directory, project, env);
  await waitForLeaving(new SessionSource(located.session, located.scope.roots), LEAVING_MS);
  await waitForExit(located.session, LEAVING_MS);
  const looked = await lookAtSession(located);
  const story = {
    ...looked,
    session: located.session.id,
    cap: { capMs: 0, source: 'flag' as const },
    aliveExitCode: 0,
    hints: ownHints(env),
    target: located.target,
    waitFlags: [],
  };
  const document = waitJson(story, waitExitCode(story));
  return { located, line: JSON.stringify(document), document };
}

/** A supervisor that has let go of its lifeline is there for a moment more. */
async function waitForExit(session: Session, capMs: number): Promise<void> {
  const daemon = readDaemon(session);
  if (daemon.kind !== 'present') return;
  const deadline = performance.now() + capMs;
  while ((await probe(daemon.value.identity, session.id)).state === 'alive' && performance.now() < deadline) {
    await delay(LEAVING_LOOK_MS);
  }
}

/** The commands that a verdict names are to run in the hook's own environment. */
function locateDirectory(directory: string, project: string, env: NodeJS.ProcessEnv): Located {
  const session = openNamedDirectory(directory);
  const roots = rootsOf(env);
  const scope = { project, roots };
  return { session, scope, target: hintTarget(session, scope, projectAt(directory, roots) === undefined), project };
}

/** A command's environment may name no home. */
function rootsOf(env: NodeJS.ProcessEnv): StateRoots {
  try {
    return stateRoots(env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return stateRoots(process.env);
  }
}
