import { setImmediate as breathe } from 'node:timers/promises';
import { characterStart, type LogFile } from '@csa/session';
import { readLines } from './log-text.ts';
import { type Criteria, judgeLines } from './selection.ts';

/** A part of a log, from the beginning of a line unless a line is longer than a window. */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
  /** Whether its lines count until one has a time of its own. */
  readonly startsRecent: boolean;
}

/** Where to begin. */
export interface Tail {
  readonly windows: readonly LogWindow[];
  /** How many of the selected lines in there are not among the last ones. */
  readonly skip: number;
  /** Whether any line that was looked at begins with a time. */
  readonly hasTimes: boolean;
}

export interface TailQuestion {
  readonly end: number;
  /** How many selected lines. */
  readonly lines: number;
  readonly criteria: Criteria;
  readonly raw: boolean;
  readonly windowBytes?: number;
  readonly abort?: AbortSignal | undefined;
}

const WINDOW_BYTES = 1024 * 1024;
const LF = 0x0a;

/**
 * Finds the last selected lines of a log, searching backwards a window at a time. Lines are counted, not kept. It ends
 * early at a window whose times are all too old: times run forward.
 */
export async function searchTail(log: LogFile, question: TailQuestion): Promise<Tail> {
  const { end, lines, criteria, raw, abort, windowBytes = WINDOW_BYTES } = question;
  const windows: LogWindow[] = [];
  let found = 0;
  // Selected lines before the first time of the windows so far: whether they count, an earlier line says.
  let undated = 0;
  let hasTimes = false;
  for (let to = end; to > 0 && found < lines && !abort?.aborted; to = windows[0]?.from ?? 0) {
    const from = windowStart(log, to, windowBytes);
    const tally = tallyOf(readLines(log.blocks(from, to), raw), criteria);
    const endsRecent = tally.endsRecent ?? true;
    settleFirst(windows, endsRecent);
    found += (endsRecent ? undated : 0) + tally.afterFirstTime;
    undated = tally.beforeFirstTime;
    hasTimes ||= tally.endsRecent !== undefined;
    if (tally.endsRecent === undefined) {
      // So long without a time: it stands for itself.
      found += undated;
      undated = 0;
    }
    // What comes before the first time of a log is as old as that at least.
    const isBeginning = from === 0 && (tally.beginsRecent ?? true);
    if (isBeginning) found += undated;
    windows.unshift({ from, to, startsRecent: isBeginning || tally.endsRecent === undefined });
    if (tally.isOld) break;
    await breathe();
  }
  return { windows, skip: Math.max(0, found - lines), hasTimes };
}

/** What came to light about the window that was the first until now. */
function settleFirst(windows: LogWindow[], startsRecent: boolean): void {
  const [first] = windows;
  if (first !== undefined && !first.startsRecent) windows[0] = { ...first, startsRecent };
}

/** Where a line begins, no more than a window before its end. */
function windowStart(log: LogFile, to: number, windowBytes: number): number {
  const wanted = to - windowBytes;
  if (wanted <= 0) return 0;
  let at = wanted;
  // The newline right before the end begins nothing in here.
  for (const block of log.blocks(wanted, to - 1)) {
    const newline = block.indexOf(LF);
    if (newline !== -1) return at + newline + 1;
    at += block.length;
  }
  return characterStart(log, wanted);
}

interface Tally {
  readonly beforeFirstTime: number;
  readonly afterFirstTime: number;
  /** What its first time says; `undefined` when no line has a time. */
  readonly beginsRecent: boolean | undefined;
  /** What its last time says. */
  readonly endsRecent: boolean | undefined;
  /** It has times, and all are too old. */
  readonly isOld: boolean;
}

function tallyOf(lines: Iterable<string[]>, criteria: Criteria): Tally {
  let [beforeFirstTime, afterFirstTime] = [0, 0];
  let beginsRecent: boolean | undefined;
  let endsRecent: boolean | undefined;
  let isOld = true;
  for (const some of lines) {
    for (const { matches, isRecent } of judgeLines(some, criteria)) {
      beginsRecent ??= isRecent;
      endsRecent = isRecent ?? endsRecent;
      isOld &&= isRecent !== true;
      if (!matches) continue;
      if (endsRecent === undefined) beforeFirstTime += 1;
      else if (endsRecent) afterFirstTime += 1;
    }
  }
  return { beforeFirstTime, afterFirstTime, beginsRecent, endsRecent, isOld: isOld && endsRecent !== undefined };
}
