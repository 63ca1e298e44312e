import { basename, dirname } from 'node:path';
import { errnoOf, listOf, object, oneOf, readRecord, type Shape, text, writeAtomically } from '@csa/session/files';
import { type EndedSession, endedSession } from './ended-session.ts';
import type { Sight } from './sight.ts';

/** `mark`: of the files that it was read of. What was never asked for stays as the file has it. */
interface Remembered {
  readonly mark: string;
  readonly ended: unknown;
  readonly isProven: boolean;
}

/** `[which of the parents, mark, what is remembered]`. */
type Line = readonly [number, string, { readonly id: unknown }];

interface IndexDocument {
  readonly schema: string;
  /** Directories that sessions stand in. */
  readonly parents: readonly string[];
  readonly sessions: readonly unknown[];
}

const SCHEMA = 'csa.brief-index/1';
/** Room for about 20,000 sessions. */
export const MAX_INDEX_BYTES: number = 8 * 1024 * 1024;
const MAX_PARENTS = 100;

const document: Shape<IndexDocument> = object<IndexDocument>({
  schema: oneOf(SCHEMA),
  parents: listOf(text, MAX_PARENTS),
  sessions: listOf((line: unknown) => line, MAX_INDEX_BYTES),
});

/**
 * What is remembered of ended sessions, by their directories: in memory, and in `index.json` for the next process. It is
 * a memory and nothing else: what it has lost is judged anew.
 */
export class IndexFile {
  readonly #path: string;
  #entries: Map<string, Remembered> | undefined;
  #hasNews = false;

  constructor(workshop: string) {
    this.#path = `${workshop}/index.json`;
  }

  /** Whether anything is remembered of a directory as it is now. Never throws. */
  has(directory: string, { mark }: Sight): boolean {
    return this.#known().get(directory)?.mark === mark;
  }

  /** What is remembered of it. Never throws. */
  get(directory: string, { mark }: Sight): EndedSession | undefined {
    const known = this.#known();
    const entry = known.get(directory);
    if (entry?.mark !== mark) return undefined;
    if (entry.isProven) return entry.ended as EndedSession;
    const ended = proven(entry.ended, directory);
    if (ended === undefined) known.delete(directory);
    else known.set(directory, { mark, ended, isProven: true });
    return ended;
  }

  /** What could not be read back is not remembered. */
  put(directory: string, { mark }: Sight, ended: EndedSession): void {
    if (proven(ended, directory) === undefined) return;
    this.#known().set(directory, { mark, ended, isProven: true });
    this.#hasNews = true;
  }

  /**
   * Writes down what is known of these directories, of the first ones where not all have room; the others are forgotten.
   * Makes no directory. Never throws.
   */
  write(directories: readonly string[]): void {
    const known = this.#known();
    const kept = new Map(directories.flatMap((directory) => entryOf(known, directory)));
    if (!this.#hasNews && kept.size === known.size) return;
    this.#entries = kept;
    try {
      writeAtomically(this.#path, documentOf(kept));
      this.#hasNews = false;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }

  #known(): Map<string, Remembered> {
    this.#entries ??= readEntries(this.#path);
    return this.#entries;
  }
}

function readEntries(path: string): Map<string, Remembered> {
  const place = { path, owner: process.getuid?.() ?? 0, maxBytes: MAX_INDEX_BYTES };
  const reading = readRecord(place, (content) => document(JSON.parse(content)));
  const entries = new Map<string, Remembered>();
  if (reading.kind !== 'present') return entries;
  const { parents, sessions } = reading.value;
  for (const line of sessions) {
    if (!isLine(line)) continue;
    const [parent, mark, ended] = line;
    entries.set(`${parents[parent]}/${ended.id}`, { mark, ended, isProven: false });
  }
  return entries;
}

function documentOf(entries: ReadonlyMap<string, Remembered>): string {
  const parents: string[] = [];
  const lines: string[] = [];
  let bytes = Buffer.byteLength(textOf([], []));
  for (const [directory, { mark, ended }] of entries) {
    const parent = dirname(directory);
    const isNew = !parents.includes(parent);
    const line = JSON.stringify([isNew ? parents.length : parents.indexOf(parent), mark, ended]);
    bytes += Buffer.byteLength(line) + 1 + (isNew ? Buffer.byteLength(JSON.stringify(parent)) + 1 : 0);
    if (bytes > MAX_INDEX_BYTES) break;
    if (isNew) parents.push(parent);
    lines.push(line);
  }
  return textOf(parents, lines);
}

function textOf(parents: readonly string[], lines: readonly string[]): string {
  return `{"schema":"${SCHEMA}","parents":${JSON.stringify(parents)},"sessions":[${lines.join(',')}]}\n`;
}

function entryOf(known: ReadonlyMap<string, Remembered>, directory: string): [string, Remembered][] {
  const entry = known.get(directory);
  return entry === undefined ? [] : [[directory, entry]];
}

/** `undefined` for what is none of ours, or of another session than the one whose directory it is. */
function proven(value: unknown, directory: string): EndedSession | undefined {
  try {
    const ended = endedSession(value);
    return ended.id === basename(directory) ? ended : undefined;
  } catch {
    return undefined;
  }
}

function isLine(line: unknown): line is Line {
  if (!Array.isArray(line)) return false;
  const [parent, mark, ended]: unknown[] = line;
  return typeof parent === 'number' && typeof mark === 'string' && Object(ended) === ended;
}
