import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type BriefPlaces, briefPlaces, isDue, minIntervalMs } from '@csa/brief/due';
import { Refusal, type StateRoots, sessionsDirectory, stateRoots } from '@csa/session/files';
import { isBriefOff } from './brief-switch.ts';

/** What a refresher is started with: the words of its command line. */
interface RefreshWish {
  readonly trigger: 'reactive' | 'periodic';
  /** Its real path. */
  readonly project: string;
}

/**
 * The whole life of a refresher's process; its words are what woke it, and the project. Tells nobody how it went but
 * those who read the brief's events. What makes a refresh pointless is found out before what it needs is loaded.
 */
export async function runRefresh(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const wish = readWords(words);
  const roots = rootsOf(env);
  if (wish === undefined || roots === undefined || isBriefOff(env)) return;
  const places = briefPlaces(roots.primary, wish.project);
  if (!isThere(roots, wish.project) || !isWanted(places, wish, env)) return;
  const [{ refreshBrief, tellingTo }, { openSource }, { ownHints }] = await Promise.all([
    import('@csa/brief'),
    import('@csa/calls/brief'),
    import('../program.ts'),
  ]);
  const { source } = openSource({ project: wish.project, roots }, ownHints(env));
  await refreshBrief(places, source, {
    trigger: wish.trigger,
    minIntervalMs: minIntervalMs(env),
    tell: tellingTo(places),
  });
}

function readWords([trigger, project]: readonly string[]): RefreshWish | undefined {
  if (project === undefined || !isAbsolute(project)) return undefined;
  return trigger === 'reactive' || trigger === 'periodic' ? { trigger, project } : undefined;
}

function rootsOf(env: NodeJS.ProcessEnv): StateRoots | undefined {
  try {
    return stateRoots(env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** A project whose sessions were removed, or the whole state, does not come back for a brief. */
function isThere({ primary }: StateRoots, project: string): boolean {
  return statSync(sessionsDirectory(primary, project), { throwIfNoEntry: false })?.isDirectory() === true;
}

function isWanted(places: BriefPlaces, { trigger }: RefreshWish, env: NodeJS.ProcessEnv): boolean {
  return trigger === 'reactive' || isDue(places, { minIntervalMs: minIntervalMs(env), now: Date.now() });
}
