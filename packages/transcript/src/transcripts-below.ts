import { type BigIntStats, opendirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { agentHomes } from './agent-homes.ts';
import type { TranscriptAgent } from './turn.ts';

export interface TranscriptPlace {
  readonly path: string;
  readonly agent: TranscriptAgent;
  /** Milliseconds since the epoch. Nothing in it is younger. */
  readonly writtenAt: number;
}

/** What was found below one directory. */
export type TranscriptSearch =
  | { readonly kind: 'absent' }
  /** `code` of the system's error. */
  | { readonly kind: 'unreadable'; readonly code: string }
  | {
      readonly kind: 'found';
      readonly transcripts: readonly TranscriptPlace[];
      /** There is more than anybody will have looked through. */
      readonly isCut: boolean;
    };

/** `~/.codex/sessions/2026/03/04` is the deepest of the places that are known. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 200_000;
/** Sub-agents have conversations of their own, with caches of their own. */
const OTHERS_DIRECTORY = new Set(['subagents', 'tool-results']);

/** Where the agents of this user write, whether it is there or not. */
export function transcriptDirectories(env: NodeJS.ProcessEnv): string[] {
  const { claude, codex } = agentHomes(env);
  return [
    ...(claude === undefined ? [] : [join(claude, 'projects')]),
    ...(codex === undefined ? [] : [join(codex, 'sessions'), join(codex, 'archived_sessions')]),
  ];
}

/** The transcripts of main conversations below a directory. Links are followed, each directory and file counts once. Never throws. */
export function transcriptsBelow(directory: string): TranscriptSearch {
  const walk = new Walk(directory);
  const trouble = walk.enter(directory, 0);
  if (trouble === 'ENOENT' || trouble === 'ENOTDIR') return { kind: 'absent' };
  if (trouble !== undefined) return { kind: 'unreadable', code: trouble };
  return { kind: 'found', transcripts: walk.found, isCut: walk.entries > MAX_ENTRIES };
}

class Walk {
  readonly found: TranscriptPlace[] = [];
  entries = 0;
  readonly #seen = new Set<string>();

  constructor(root: string) {
    this.#isNew(statOf(root));
  }

  /** @returns the code of what kept it from being listed */
  enter(directory: string, depth: number): string | undefined {
    let names: string[];
    try {
      names = this.#list(directory);
    } catch (error) {
      return codeOf(error);
    }
    // In the same order each time, whatever the file system's is.
    for (const name of names.sort()) this.#look(join(directory, name), depth);
    return undefined;
  }

  #list(directory: string): string[] {
    const names: string[] = [];
    const entries = opendirSync(directory);
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        this.entries += 1;
        if (this.entries > MAX_ENTRIES) break;
        if (mayMatter(entry.name, entry.isFile())) names.push(entry.name);
      }
    } finally {
      entries.closeSync();
    }
    return names;
  }

  #look(path: string, depth: number): void {
    const stat = statOf(path);
    if (stat === undefined || !this.#isNew(stat)) return;
    if (stat.isDirectory() && depth < MAX_DEPTH) this.enter(path, depth + 1);
    if (!stat.isFile() || !path.endsWith('.jsonl')) return;
    const agent = basename(path).startsWith('rollout-') ? 'codex' : 'claude-code';
    this.found.push({ path, agent, writtenAt: Number(stat.mtimeMs) });
  }

  #isNew(stat: BigIntStats | undefined): boolean {
    const before = this.#seen.size;
    if (stat !== undefined) this.#seen.add(`${stat.dev}:${stat.ino}`);
    return this.#seen.size > before;
  }
}

function mayMatter(name: string, isFile: boolean): boolean {
  if (name.startsWith('agent-') || OTHERS_DIRECTORY.has(name)) return false;
  return !isFile || name.endsWith('.jsonl');
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
