import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdLifeline, lookAtLifeline, thisHost } from '@csa/liveness';
import { errnoOf } from '@csa/session';

/** What a session needs of its file system. */
export const TRIAL_STEPS = ['directory', 'fsync', 'rename', 'link', 'lifeline', 'events'] as const;
export type TrialStep = (typeof TRIAL_STEPS)[number];

/** What did not work, and why; a step that is not named here did. */
export type TrialFaults = Readonly<Partial<Record<TrialStep, string>>>;

export const TRIAL_PREFIX = '.doctor-';
const EVENT_MS = 2_000;

/**
 * Tries out, in a directory of its own that is removed again, what sessions do. A signal does not end it in between:
 * whoever calls it listens for them.
 */
export async function tryOut(parent: string): Promise<TrialFaults> {
  const directory = join(parent, `${TRIAL_PREFIX}${randomBytes(8).toString('hex')}`);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    return { directory: whyNot(error) };
  }
  try {
    const faults: Partial<Record<TrialStep, string>> = {};
    for (const [step, attempt] of Object.entries(ATTEMPTS)) {
      try {
        await attempt(directory);
      } catch (error) {
        faults[step as TrialStep] = whyNot(error);
      }
    }
    return faults;
  } finally {
    remove(directory);
  }
}

/** What cannot be removed now is found by a later doctor. */
function remove(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

const ATTEMPTS: Readonly<Record<Exclude<TrialStep, 'directory'>, (directory: string) => void | Promise<void>>> = {
  fsync: (directory) => {
    const fd = openSync(join(directory, 'written'), 'wx', 0o600);
    try {
      writeFileSync(fd, 'text');
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  rename: (directory) => {
    writeFileSync(join(directory, 'from'), '');
    writeFileSync(join(directory, 'over'), '');
    renameSync(join(directory, 'from'), join(directory, 'over'));
  },
  link: (directory) => {
    writeFileSync(join(directory, 'first'), '');
    linkSync(join(directory, 'first'), join(directory, 'second'));
  },
  lifeline: tryLifeline,
  events: tryEvents,
};

function tryLifeline(directory: string): void {
  const path = join(directory, 'lifeline');
  const { dev, ino, release } = holdLifeline(path);
  const record = { bootId: thisHost().bootId ?? '', dev, ino };
  const held = lookAtLifeline(path, record);
  release();
  const released = lookAtLifeline(path, record);
  if (held !== 'alive') throw new Error(`it reads as ${held} while it is held`);
  if (released !== 'dead') throw new Error(`it reads as ${released} after its holder let go`);
}

async function tryEvents(directory: string): Promise<void> {
  const done = new AbortController();
  const told = new Promise<void>((resolve, reject) => {
    const watcher = watch(directory, { signal: done.signal }, () => resolve());
    watcher.on('error', reject);
  });
  writeFileSync(join(directory, 'event'), '');
  const late = sleep(EVENT_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no event within ${EVENT_MS / 1_000} s`);
  });
  late.catch(() => {});
  try {
    await Promise.race([told, late]);
  } finally {
    done.abort();
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return errnoOf(error) ?? error.message;
}
