import { lookOnce } from '@csa/calls/look';
import { rememberingCallerTurn } from '@csa/calls/warm';
import { openNamedDirectory, Refusal, type Session, stateRoots } from '@csa/session';
import { SessionSource, wait } from '@csa/wait';
import { type HeartbeatWorld, makeDriver, runHeartbeat, type SessionFact, type SessionWatcher } from '@csa/warm';

/** The whole life of a heartbeat's process. @param words of its command line */
export async function beatFor(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await runHeartbeat(words, heartbeatWorld(env));
}

/** What the warmer does not know by itself: the session, the caller's transcript, and what sends the requests. */
function heartbeatWorld(env: NodeJS.ProcessEnv): HeartbeatWorld {
  const callerTurn = rememberingCallerTurn();
  return {
    env,
    driver: ({ settings }) => makeDriver(settings.driver, env),
    session: ({ settings }, nudge) => watchSession(settings.sessionDirectory, { env, nudge }),
    lastUse: ({ key, settings }) => callerTurn(key.caller, env, settings.cwd),
  };
}

interface Watching {
  readonly env: NodeJS.ProcessEnv;
  readonly nudge: () => void;
}

/** Tells of the session's end at once; until then whoever asks has it looked at. */
export function watchSession(directory: string, { env, nudge }: Watching): SessionWatcher {
  const session = open(directory);
  if (session === undefined) return { look: async () => 'over', close: () => {} };
  const roots = rootsOf(env);
  const closing = new AbortController();
  let isOver = false;
  void wait(new SessionSource(session, roots), { abort: closing.signal }).then(({ end }) => {
    isOver = end.kind === 'finished' || end.kind === 'dead' || end.kind === 'lost';
    if (isOver) nudge();
  }, ignoreTrouble);
  return {
    look: async () => (isOver ? 'over' : lookAt(new SessionSource(session, roots))),
    close: () => closing.abort(),
  };
}

async function lookAt(source: SessionSource): Promise<SessionFact> {
  try {
    const { end } = await lookOnce(source);
    switch (end.kind) {
      case 'alive':
        return 'alive';
      case 'finished':
      case 'dead':
      case 'lost':
        return 'over';
      default:
        return 'unknown';
    }
  } catch {
    return 'unknown';
  }
}

/** Nothing tells of the end then, and every look still sees it. */
function ignoreTrouble(): void {}

/** `undefined`: it has been removed, and whoever waited for it waits no more. */
function open(directory: string): Session | undefined {
  try {
    return openNamedDirectory(directory);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

function rootsOf(env: NodeJS.ProcessEnv): ReturnType<typeof stateRoots> | undefined {
  try {
    return stateRoots(env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
