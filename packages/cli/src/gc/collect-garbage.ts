import {
  errnoOf,
  finishRemoval,
  isLifelineHeld,
  type Leftover,
  type LookupScope,
  lastWriteTime,
  listLeftovers,
  type Removal,
  removeSession,
  removeTree,
  sessionsDirectoriesBelow,
  sessionsDirectory,
  treeSize,
} from '@csa/session';
import {
  type Holders,
  type Inspected,
  inspectSessions,
  isHeld,
  sweptHolders,
  withHolders,
} from './inspect-sessions.ts';
import { type GcPlan, type GcWishes, planGc } from './plan-gc.ts';

/** One thing that is to be removed. */
export type Garbage = { readonly bytes: number; readonly endedAt: number } & (
  | ({ readonly kind: 'session' } & Inspected)
  | { readonly kind: 'leftover'; readonly leftover: Leftover }
);

export interface GarbagePlan {
  readonly remove: readonly Garbage[];
  readonly keep: GcPlan['keep'];
}

/** A start takes a second, and gives up after a minute. */
const UNBORN_AGE_MS = 3_600_000;

/** What is to be removed, and what stays; nothing is changed. @throws Refusal reason=state-root-unreadable */
export async function findGarbage(scope: LookupScope, wishes: GcWishes, allProjects: boolean): Promise<GarbagePlan> {
  const inspected = await inspectSessions(scope, allProjects);
  const before = new Set(planOf(inspected, wishes).remove);
  const looked: Inspected[] = [];
  const holders = sweptHolders();
  for (const one of inspected) looked.push(before.has(one.facts) ? await withHolders(one, holders) : one);
  const plan = planOf(looked, wishes);
  const byFacts = new Map(looked.map((one) => [one.facts, one]));
  const sessions = plan.remove.flatMap((facts) => byFacts.get(facts) ?? []);
  return {
    remove: [
      ...sessions.map((one): Garbage => ({ kind: 'session', ...one, ...measured(one.facts) })),
      ...findLeftovers(scope, wishes.now, allProjects).map(
        (one): Garbage => ({
          kind: 'leftover',
          ...one,
          ...measured({ directory: one.leftover.directory, endedAt: one.endedAt }),
        }),
      ),
    ],
    keep: plan.keep,
  };
}

/** Removes one of them; looks again right before, at processes as `holders` shows them. */
export function removeGarbage(garbage: Garbage, holders: Holders): Promise<Removal> {
  if (garbage.kind === 'session') return removeSession(garbage.session, (session) => isHeld(session, holders));
  const { leftover } = garbage;
  if (leftover.kind === 'unborn') return removeUnborn(leftover.directory);
  // Nobody has looked yet whether its supervisor is gone: only processes that are listed after that tell anything.
  return finishRemoval(leftover, (session) => isHeld(session, sweptHolders()));
}

async function removeUnborn(directory: string): Promise<Removal> {
  return isLifelineHeld(directory) ? { kind: 'held' } : removeTree(directory);
}

function planOf(inspected: readonly Inspected[], wishes: GcWishes): GcPlan {
  return planGc(
    inspected.map(({ facts }) => facts),
    wishes,
  );
}

/** What starts and removals that were cut off have left, and since when nothing has touched it. */
export function findLeftovers(
  { project, roots: { primary } }: LookupScope,
  now: number,
  allProjects: boolean,
): { readonly leftover: Leftover; readonly endedAt: number }[] {
  const places = allProjects ? sessionsDirectoriesBelow(primary) : [sessionsDirectory(primary, project)];
  return places
    .flatMap((place) => quietly(() => listLeftovers(place)) ?? [])
    .map((leftover) => ({ leftover, endedAt: quietly(() => lastWriteTime(leftover.directory)) ?? now }))
    .filter(({ leftover, endedAt }) => leftover.kind === 'gone' || isAbandoned(leftover, now - endedAt));
}

function isAbandoned({ directory }: Leftover, ageMs: number): boolean {
  return ageMs >= UNBORN_AGE_MS && quietly(() => isLifelineHeld(directory)) === false;
}

function measured({ directory, endedAt }: { directory: string; endedAt: number }) {
  return { bytes: treeSize(directory), endedAt };
}

/** Another user's directory, or one that has gone: nothing of it can be planned. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
