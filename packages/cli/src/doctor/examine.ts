import { setTimeout as sleep } from 'node:timers/promises';
import type { Hints } from '@csa/calls';
import { projectOf, Refusal, type StateRoots, stateRoots } from '@csa/session';
import { effectiveConfig } from '../config/effective.ts';
import { callerFacts, judgeCaller } from './caller.ts';
import { judgeConfig } from './config.ts';
import { judgeFileSystem } from './file-system.ts';
import { type Finding, findingsOf } from './finding.ts';
import { inotifyFacts, judgeInotify } from './inotify.ts';
import { judgeSessions } from './judge-sessions.ts';
import { judgeProgram, programFacts } from './program.ts';
import { sessionsOrTrouble } from './sessions.ts';
import { judgeStateRoot, stateRootFacts, trialParent } from './state-root.ts';
import { judgeSystem, systemFacts } from './system.ts';
import { tryOut } from './trial.ts';

/** What a doctor is told of itself. */
export interface Examination {
  readonly version: string;
  readonly programWords: readonly string[];
  readonly hints: Hints;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted: the rest is left out. */
  readonly abort: AbortSignal;
}

/** Looks at everything, changes nothing: what is tried out is removed again. */
export async function examine({ version, programWords, hints, env, abort }: Examination): Promise<Finding[]> {
  const project = currentProject();
  const findings = [...judgeProgram(programFacts(version, programWords, env)), ...judgeSystem(systemFacts())];
  const roots = rootsOrFinding(env);
  if ('check' in roots) findings.push(roots);
  else findings.push(...(await examineRoots(roots, project ?? '/', { env, hints, abort })));
  const inotify = inotifyFacts();
  if (inotify !== undefined) findings.push(...judgeInotify(inotify));
  const show = hints.command(['config', 'show', '--origin', ...(project === undefined ? [] : ['--cd', project])]);
  findings.push(...judgeConfig(effectiveConfig({ env, project }), show));
  return [...findings, ...judgeCaller(callerFacts(env, project ?? '/'))];
}

async function examineRoots(
  roots: StateRoots,
  project: string,
  { env, hints, abort }: Pick<Examination, 'env' | 'hints' | 'abort'>,
): Promise<Finding[]> {
  const root = stateRootFacts(roots, env);
  const parent = trialParent(root);
  const faults = parent === undefined ? undefined : await tryOut(parent);
  const findings = [...judgeStateRoot(root), ...judgeFileSystem({ fileSystem: root.disk?.fileSystem, faults })];
  // A signal that came while the trial kept the event loop is told in a later turn of it.
  await sleep(1);
  if (abort.aborted) return findings;
  return [...findings, ...judgeSessions(await sessionsOrTrouble({ project, roots }, abort), hints)];
}

function rootsOrFinding(env: NodeJS.ProcessEnv): StateRoots | Finding {
  try {
    return stateRoots(env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return findingsOf('state-root').problem(error.message, 'Set HOME, or XDG_STATE_HOME, to an absolute path');
  }
}

/** `undefined` where the current directory is gone: the rest can still be looked at. */
function currentProject(): string | undefined {
  try {
    return projectOf('.');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
