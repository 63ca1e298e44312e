import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DAY_MS = 86_400_000;
/** How many days' folders are searched when a thread's id does not tell its day. */
const MAX_DAYS = 1_000;

/** The rollout of a Codex thread: `sessions/YYYY/MM/DD/rollout-<time>-<thread>.jsonl`, or among those put away. */
export function rolloutOf(home: string, thread: string): string | undefined {
  const sessions = join(home, 'sessions');
  const places = [daysNear(threadTime(thread), sessions), [join(home, 'archived_sessions')], allDays(sessions)];
  for (const directories of places) {
    for (const directory of directories) {
      const name = namesIn(directory).find((one) => one.startsWith('rollout-') && one.endsWith(`-${thread}.jsonl`));
      if (name !== undefined) return join(directory, name);
    }
  }
  return undefined;
}

/** A thread's id is a UUID of version 7 (RFC 9562), which begins with its time in milliseconds. */
function threadTime(thread: string): number | undefined {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(thread);
  return digits === null ? undefined : Number.parseInt(`${digits[1]}${digits[2]}`, 16);
}

/** The folders are named in local time, of wherever that was. */
function daysNear(time: number | undefined, sessions: string): string[] {
  if (time === undefined) return [];
  return [0, -DAY_MS, DAY_MS].map((shift) => {
    const [year = '', month = '', day = ''] = new Date(time + shift).toISOString().slice(0, 10).split('-');
    return join(sessions, year, month, day);
  });
}

/** Newest first. */
function* allDays(sessions: string): Generator<string> {
  let count = 0;
  for (const year of newestIn(sessions)) {
    for (const month of newestIn(year)) {
      for (const day of newestIn(month)) {
        count += 1;
        if (count > MAX_DAYS) return;
        yield day;
      }
    }
  }
}

function newestIn(directory: string): string[] {
  const numbers = namesIn(directory).filter((name) => /^\d{2,4}$/.test(name));
  return numbers
    .sort()
    .reverse()
    .map((name) => join(directory, name));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Absent, or not ours to read.
    return [];
  }
}
