import { type LookupScope, Refusal, type Removal } from '@csa/session';
import type { Report } from '../report.ts';
import { writeFully } from '../write-fully.ts';
import { findGarbage, type Garbage, type GarbagePlan, removeGarbage } from './collect-garbage.ts';
import { forgetCollected } from './forget-collected.ts';
import { forgetWarmed } from './forget-warmed.ts';
import { gcJson } from './gc-json.ts';
import { type GcDone, type GcWords, gcReport, planLines } from './gc-report.ts';
import { sweptHolders } from './inspect-sessions.ts';
import type { GcWishes } from './plan-gc.ts';
import { recordEvents } from './record-events.ts';

export interface GcWish extends GcWords, GcWishes {
  readonly allProjects: boolean;
  readonly json: boolean;
}

const STDOUT = 1;
/** So many are removed before all processes are looked at once more. */
const BATCH = 64;
const NOTHING_DONE: GcDone = { removed: [], spared: [], failed: [] };

/**
 * Plans, says what, and does it unless it is a dry run.
 * @throws Refusal reason=state-root-unreadable | events-unwritable | output-lost
 */
export async function runGc(scope: LookupScope, wish: GcWish): Promise<Report> {
  const plan = await findGarbage(scope, wish, wish.allProjects);
  if (!wish.dryRun) await recordEvents(scope, plan.remove);
  if (!wish.json) printPlan(planLines(plan, wish));
  const done = wish.dryRun ? NOTHING_DONE : await carryOut(plan);
  if (!wish.dryRun) {
    await forgetWarmed(scope.roots);
    forgetCollected(scope, wish.allProjects);
  }
  const report = gcReport(plan, done, wish);
  return wish.json ? { ...report, stdout: [gcJson(plan, done, wish)], stderr: [], needsOutput: true } : report;
}

async function carryOut({ remove }: GarbagePlan): Promise<GcDone> {
  const outcomes: Array<{ garbage: Garbage; removal: Removal }> = [];
  for (let at = 0; at < remove.length; at += BATCH) {
    const holders = sweptHolders();
    for (const garbage of remove.slice(at, at + BATCH)) {
      outcomes.push({ garbage, removal: await removeGarbage(garbage, holders) });
    }
  }
  return {
    removed: outcomes.flatMap(({ garbage, removal }) => (removal.kind === 'removed' ? [garbage] : [])),
    spared: outcomes.flatMap(({ garbage, removal }) => {
      const why = whySpared(removal);
      return why === undefined ? [] : [{ garbage, why }];
    }),
    failed: outcomes.flatMap(({ garbage, removal }) => (removal.kind === 'failed' ? [{ garbage, ...removal }] : [])),
  };
}

function whySpared({ kind }: Removal): string | undefined {
  if (kind === 'held') return 'it has come to life';
  return kind === 'gone-already' ? 'it was gone already' : undefined;
}

/** Before anything is removed: a plan that nobody could read is not carried out. @throws Refusal reason=output-lost */
function printPlan(lines: readonly string[]): void {
  if (lines.length === 0) return;
  if (writeFully(STDOUT, Buffer.from(`${lines.join('\n')}\n`, 'utf8')) !== 'failed') return;
  throw new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written, nothing was removed',
    expected: 'room for the plan',
    got: 'a write that failed',
    next: 'Free some space, or send the plan elsewhere',
  });
}
