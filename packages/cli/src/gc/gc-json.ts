import { NO_ANSWER_EXIT } from '@csa/calls';
import type { GarbagePlan } from './collect-garbage.ts';
import { keptByReason, nameOf, survivorsOf, wordsOf } from './garbage-words.ts';
import type { GcDone, GcWords } from './gc-report.ts';

/** The one document of a clean-up: what was removed, or would be. */
export function gcJson(plan: GarbagePlan, done: GcDone, { olderThan, now, dryRun, stopCommand }: GcWords): string {
  const removed = (dryRun ? plan.remove : done.removed).map((garbage) => ({
    id: nameOf(garbage),
    ...wordsOf(garbage, olderThan),
    age_ms: Math.max(0, Math.round(now - garbage.endedAt)),
    bytes: garbage.bytes,
  }));
  const kept = Object.fromEntries(Array.from(keptByReason(plan), ([reason, sessions]) => [reason, sessions.length]));
  return JSON.stringify({
    schema: 'csa.session-gc/1',
    dry_run: dryRun,
    exit: done.failed.length > 0 ? NO_ANSWER_EXIT : 0,
    removed,
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
    kept,
    survivors: survivorsOf(plan).map(({ id, survivor, directory }) => ({
      id,
      pid: survivor,
      cmd: stopCommand(id, directory),
    })),
    spared: done.spared.map(({ garbage, why }) => ({ id: nameOf(garbage), why })),
    failed: done.failed.map(({ garbage, code, path }) => ({ id: nameOf(garbage), code, path })),
  });
}
