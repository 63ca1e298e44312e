import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE, readRecord } from '@csa/session';
import { readTurns, type TranscriptPlace } from '@csa/transcript';
import { formatEntry, type IndexEntry, parseEntry } from './index-entry.ts';
import { type ToldConversation, type ToldTurn, toldTurn } from './told-turn.ts';

/** As many as one entry holds with less than a record's size. */
const MAX_TURNS = 12_000;
const MAX_ENTRIES = 10_000;

/**
 * Reads transcripts, and remembers below a directory what they said: one that has grown since costs what has grown. It
 * is nothing but a memory: whatever happens to it, the answers are the same.
 */
export class TurnIndex {
  readonly #directory: string;
  #isWritable = true;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The last turns of a transcript; `undefined`: it cannot be read by now. Never throws. */
  conversation({ path, agent }: TranscriptPlace): ToldConversation | undefined {
    const place = join(this.#directory, `${nameOf(agent, path)}.json`);
    const known = this.#remembered(place);
    const news = readTurns(path, agent, known?.bookmark);
    if (news.kind === 'nothing') return undefined;
    if (news.kind === 'same') return { agent, turns: known?.turns ?? [] };
    const settled = withNew(news.kind === 'more' ? settledOf(known) : [], news.settled.map(toldTurn));
    const all = withNew(settled, news.pending.map(toldTurn));
    const turns = all.slice(-MAX_TURNS);
    this.#remember(place, { bookmark: news.bookmark, turns, pending: all.length - settled.length });
    return { agent, turns };
  }

  /** Forgets the transcripts that were not asked for longest, where there are very many. */
  prune(): void {
    try {
      const names = readdirSync(this.#directory);
      if (names.length <= MAX_ENTRIES) return;
      const dated = names.map((name) => ({ name, at: statSync(join(this.#directory, name)).mtimeMs }));
      const old = dated.toSorted((a, b) => a.at - b.at).slice(0, names.length - MAX_ENTRIES / 2);
      for (const { name } of old) rmSync(join(this.#directory, name), { force: true });
    } catch {
      // Another report does it at the same time, or there is nothing.
    }
  }

  #remembered(place: string): IndexEntry | undefined {
    const reading = readRecord({ path: place, owner: process.getuid?.() ?? 0 }, parseEntry);
    return reading.kind === 'present' ? reading.value : undefined;
  }

  /** Put in place as a whole; not made durable, for a torn entry is none. */
  #remember(place: string, entry: IndexEntry): void {
    if (!this.#isWritable) return;
    const temporary = `${place}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, formatEntry(entry), { flag: 'wx', mode: FILE_MODE });
      renameSync(temporary, place);
    } catch {
      // Read-only or full: the next report costs as much as this one.
      this.#isWritable = false;
      removeQuietly(temporary);
    }
  }
}

function settledOf(known: IndexEntry | undefined): readonly ToldTurn[] {
  return known?.turns.slice(0, known.turns.length - known.pending) ?? [];
}

/** With those that are not among them yet. */
function withNew(turns: readonly ToldTurn[], more: readonly ToldTurn[]): readonly ToldTurn[] {
  if (more.length === 0) return turns;
  const keys = new Set(turns.map(({ key }) => key));
  const added: ToldTurn[] = [];
  for (const turn of more) {
    if (keys.has(turn.key)) continue;
    keys.add(turn.key);
    added.push(turn);
  }
  return [...turns, ...added];
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never made.
  }
}

/** A path says where somebody works: its hash does not. */
function nameOf(agent: string, path: string): string {
  return hash('sha256', `${agent}\0${path}`).slice(0, 40);
}
