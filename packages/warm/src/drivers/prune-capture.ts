import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  lutimesSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { errnoOf, removeQuietly } from '@csa/session/files';
import { readCapture } from './capture-file.ts';

/** Longer than a prefix lives in any tier, an hour at most. */
const USELESS_MS = 65 * 60_000;
/** Every line of a capture begins so; what begins otherwise is not read any further. */
const START = /^\s*\{\s*"schema"\s*:\s*"csa\.request-capture\/1"/;
const START_BYTES = 64;

/**
 * Removes a capture that no prefix can live of any more, for it shows a prompt: a regular file of ours alone (0600), a
 * capture by its own words. Never throws, and removes nothing that a writer has put there meanwhile.
 *
 * @param usedAt when the prefix is known to have been used last, in milliseconds since the epoch
 */
export function pruneCapture(path: string, usedAt = 0): void {
  quietly(() => {
    const found = lstatSync(path);
    const isOurs = found.isFile() && found.uid === process.getuid?.() && (found.mode & 0o777) === 0o600;
    if (!isOurs || !isUseless(Math.max(usedAt, found.mtimeMs)) || !START.test(startOf(path))) return;
    const reading = readCapture(path);
    if (reading.kind !== 'captured' || !isUseless(reading.request.at)) return;
    // Another name first: what is removed is what was looked at. A writer clears away what is left under such a name.
    const aside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
    renameSync(path, aside);
    const { ino, mtimeMs } = lstatSync(aside);
    if (ino !== found.ino || mtimeMs !== found.mtimeMs) quietly(() => linkSync(aside, path));
    removeQuietly(aside);
  });
}

/** The same for all that stand beside a capture and end like it. Never throws. */
export function pruneBeside(path: string): void {
  quietly(() => {
    const names = readdirSync(dirname(path)).filter((name) => extname(name) === extname(path));
    for (const name of names.filter((name) => name !== basename(path))) pruneCapture(join(dirname(path), name));
  });
}

/** Notes that a capture was of use at `at` (milliseconds since the epoch): its prefix lives on from there. Never throws. */
export function markUsed(path: string, at: number): void {
  quietly(() => lutimesSync(path, at / 1000, at / 1000));
}

function isUseless(at: number): boolean {
  return Date.now() - at > USELESS_MS;
}

function startOf(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const bytes = Buffer.alloc(START_BYTES);
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
