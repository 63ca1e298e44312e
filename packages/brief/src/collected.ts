import { hash } from 'node:crypto';
import { closeSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, FILE_MODE, makeParents } from '@csa/session';

export { briefPlaces } from './places.ts';

/** How a session's end was shown to somebody. Another end of the same session, as after a resume, is another one. */
export interface ShownEnd {
  readonly kind: 'finished' | 'dead';
  readonly status?: string;
  /** As recorded, whatever its range. */
  readonly exit?: number;
  /** As recorded. */
  readonly completedAt?: string;
}

const SESSION = /^[0-9A-Z]{26}$/;
/** A mark is an empty file: it is there or it is not, and nothing of it can be torn. */
const MARK = /^([0-9A-Z]{26})-[0-9a-f]{10}$/;
const DIGEST_LENGTH = 10;
const ABSENT_CODES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Remembers that somebody was shown how session `id` ended. Never throws and never waits: where nothing can be written
 * a brief names the session once more, and that is all.
 * @param workshop of the session's project; made where there is none, and what is above it
 */
export function markCollected(workshop: string, id: string, end: ShownEnd): void {
  if (!SESSION.test(id)) return;
  const path = `${marksBelow(workshop)}/${markOf(id, end)}`;
  if (attempt(() => makeMark(path)) !== 'ENOENT') return;
  // The usual case is one system call: only the first mark of a project finds no directory.
  attempt(() => makeParents(dirname(path)));
  attempt(() => makeMark(path));
}

/** What was collected when it was asked. */
export interface Collected {
  has(id: string, end: ShownEnd): boolean;
  /** Whether the marks could be listed (EMFILE, EIO, EACCES); where they could not, nothing counts as collected. */
  readonly isKnown: boolean;
}

/** One reading for all sessions of a project. Never throws. */
export function readCollected(workshop: string): Collected {
  const { names, isKnown } = listMarks(workshop);
  const marks = new Set(names);
  return { has: (id, end) => marks.has(markOf(id, end)), isKnown };
}

/**
 * Forgets marks of sessions that are gone. Never throws.
 * @param isThere asked after the marks were listed: who lists sessions for it then misses none that has a mark
 */
export function pruneCollected(workshop: string, isThere: (id: string) => boolean): void {
  for (const name of listMarks(workshop).names) {
    const id = MARK.exec(name)?.[1];
    if (id !== undefined && !isThere(id)) attempt(() => unlinkSync(`${marksBelow(workshop)}/${name}`));
  }
}

function marksBelow(workshop: string): string {
  return `${workshop}/collected`;
}

function markOf(id: string, { kind, status, exit, completedAt }: ShownEnd): string {
  const end = JSON.stringify([kind, status ?? null, exit ?? null, completedAt ?? null]);
  return `${id}-${hash('sha256', end).slice(0, DIGEST_LENGTH)}`;
}

/** Alone or not at all: whatever has the name already is left as it is, and is the mark. */
function makeMark(path: string): void {
  closeSync(openSync(path, 'wx', FILE_MODE));
}

function listMarks(workshop: string): { readonly names: readonly string[]; readonly isKnown: boolean } {
  let names: string[] = [];
  const code = attempt(() => {
    names = readdirSync(marksBelow(workshop));
  });
  return { names, isKnown: code === undefined || ABSENT_CODES.has(code) };
}

/** The code of a system error; other errors are bugs, and thrown. */
function attempt(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code;
  }
}
