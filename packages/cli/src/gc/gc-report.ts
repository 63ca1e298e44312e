import { describeDuration, NO_ANSWER_EXIT } from '@csa/calls';
import { cleanLine, formatMarker } from '@csa/markers';
import { describeBytes } from '../bytes.ts';
import type { Report } from '../report.ts';
import { formatTable } from '../table.ts';
import type { Garbage, GarbagePlan } from './collect-garbage.ts';
import { keptByReason, nameOf, survivorsOf, wordsOf } from './garbage-words.ts';
import type { KeepReason } from './plan-gc.ts';

/** What the words of a report are made of. */
export interface GcWords {
  readonly dryRun: boolean;
  /** As the user wrote it. */
  readonly olderThan: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly repeatCommand: string;
  readonly stopCommand: (id: string, directory: string) => string;
}

/** What became of the plan. */
export interface GcDone {
  readonly removed: readonly Garbage[];
  /** Not removed, and no failure. */
  readonly spared: ReadonlyArray<{ readonly garbage: Garbage; readonly why: string }>;
  readonly failed: ReadonlyArray<{ readonly garbage: Garbage; readonly code: string; readonly path: string }>;
}

const KEPT_WORDS: Readonly<Record<KeepReason, string>> = {
  alive: 'alive',
  unknown: 'nobody can say whether they are alive',
  'daemon-alive': 'finished, their supervisor has not left',
  'daemon-unknown': 'finished, nobody can say whether their supervisor is alive',
  survivor: 'a process of the command still runs',
  hook: 'a hook, or what it has started, still runs',
  newest: 'the newest (--keep)',
  'too-young': 'not old enough',
  'resume-target': 'another session that stays stands for them',
  'read-only-root': "in the older program's state root, which is only read",
};
const HEADER = ['ID', 'STATE', 'AGE', 'SIZE', 'REASON'];
const MAX_PATH_BYTES = 4_096;

/** The plan, as a dry run and a run print it. */
export function planLines({ remove }: GarbagePlan, { olderThan, now }: GcWords): string[] {
  if (remove.length === 0) return [];
  const rows = remove.map((garbage) => {
    const { state, reason } = wordsOf(garbage, olderThan);
    const age = describeDuration(now - garbage.endedAt);
    return [nameOf(garbage), state ?? '-', age, describeBytes(garbage.bytes), reason];
  });
  return formatTable([HEADER, ...rows]);
}

/** What was done, in words for people: on standard error, so that the plan of a dry run and of a run are the same. */
export function gcReport(plan: GarbagePlan, done: GcDone, words: GcWords): Report {
  const failed = done.failed.length;
  const marker = formatMarker('SESSION_ERROR', [
    ['reason', 'gc-incomplete'],
    ['failed', String(failed)],
    ['cmd', words.repeatCommand],
  ]);
  return {
    exitCode: failed > 0 ? NO_ANSWER_EXIT : 0,
    stdout: [],
    stderr: [
      summary(plan, done, words),
      ...keptLines(plan, words),
      ...done.spared.map(({ garbage, why }) => `${nameOf(garbage)} stays: ${why}`),
      ...done.failed.map(({ garbage, code, path }) => {
        return `${nameOf(garbage)} could not be removed: ${code} at ${cleanLine(path, MAX_PATH_BYTES)}`;
      }),
      ...(failed > 0 ? [marker] : []),
    ],
  };
}

function summary({ remove }: GarbagePlan, { removed }: GcDone, { dryRun }: GcWords): string {
  if (remove.length === 0) return 'Nothing to remove';
  const what = dryRun ? remove : removed;
  const size = describeBytes(what.reduce((sum, { bytes }) => sum + bytes, 0));
  return dryRun
    ? `Would remove ${what.length}, ${size}; the same command without --dry-run does it`
    : `Removed ${what.length}, ${size} freed`;
}

function keptLines(plan: GarbagePlan, { stopCommand }: GcWords): string[] {
  const counts = Array.from(keptByReason(plan), ([reason, { length }]) => `Kept ${length}: ${KEPT_WORDS[reason]}`);
  const survivors = survivorsOf(plan).map(
    ({ id, survivor, directory }) =>
      `${id} stays: process ${survivor} of its command still runs; end it: ${stopCommand(id, directory)}`,
  );
  return [...counts, ...survivors];
}
