import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { briefPlaces, isDue, minIntervalMs } from '@csa/brief/due';
import { HOOK_COOKIE, SESSION_COOKIE, stateRoots } from '@csa/session';
import type { SupervisorParts, Wake } from '@csa/supervisor';
import { isBriefOff } from './brief-switch.ts';

const BRIEF_SCRIPT = fileURLToPath(new URL('../../bin/csa-brief.js', import.meta.url));
/** Where there is no minimum interval. */
const USUAL_TICK_MS = 60_000;
const SHORTEST_TICK_MS = 1_000;
/** A refresh takes a moment: a tick at the very interval would find the last one that much too young. */
const TICK_SLACK_MS = 500;
/** As nice(1) has it, and from its first moment on: it gets out of the way of whoever waits. */
const NICENESS = 10;

/**
 * What a supervisor does for its project's brief: it starts a process that refreshes it, and forgets about that. Loads
 * next to nothing that a supervisor has not loaded already.
 */
export function refreshOnWake(env: NodeJS.ProcessEnv): Pick<SupervisorParts, 'onWake' | 'wakeEveryMs'> {
  if (isBriefOff(env)) return {};
  const intervalMs = minIntervalMs(env);
  let running: ChildProcess | undefined;
  const onWake = (wake: Wake): void => {
    // One that hangs in a file system is not joined by others from tick to tick.
    if (wake.trigger === 'periodic' && (running !== undefined || !isWakeDue(wake, env))) return;
    const child = startRefresher(wake, env);
    const forget = (): void => {
      if (running === child) running = undefined;
    };
    running = child;
    child.once('exit', forget);
    // Without a listener it would be a crash of the supervisor.
    child.once('error', forget);
  };
  return { onWake, wakeEveryMs: tickMs(intervalMs) };
}

/** How often a supervisor asks whether a refresh is due, by the minimum interval between two of them. */
export function tickMs(intervalMs: number): number {
  return intervalMs === 0 ? USUAL_TICK_MS : Math.max(SHORTEST_TICK_MS, intervalMs + TICK_SLACK_MS);
}

function isWakeDue({ project }: Wake, env: NodeJS.ProcessEnv): boolean {
  const places = briefPlaces(stateRoots(env).primary, project);
  return isDue(places, { minIntervalMs: minIntervalMs(env), now: Date.now() });
}

/** It carries no cookie: it is no process of the session's command, nor of its hooks. @throws a system error */
function startRefresher({ trigger, project }: Wake, env: NodeJS.ProcessEnv): ChildProcess {
  const { [SESSION_COOKIE]: _session, [HOOK_COOKIE]: _hook, ...rest } = env;
  const words = [BRIEF_SCRIPT, trigger, project];
  const child = spawn(process.execPath, words, { cwd: '/', detached: true, stdio: 'ignore', env: rest });
  child.unref();
  if (child.pid !== undefined) lowerPriority(child.pid);
  return child;
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It has ended already.
  }
}
