import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { World } from './world.ts';

interface Candidate {
  readonly pid: number;
  /** words of the command line, then `NAME=value` of the environment */
  readonly words: readonly string[];
}

/**
 * Kill (SIGKILL, by pid) every process that belongs to a session: its environment holds `CSA_SESSION_ID=<id>` or its
 * command line names the id. A process whose HOME is not the world's belongs to another test and is left alone.
 */
export function endSession(world: World, id: string): void {
  endAll((candidate) => isMember(candidate, world, id));
}

/** Kills what still refreshes a brief of this world: it outlives the supervisor that has started it by a moment. */
export function endRefreshers({ home, project }: World): void {
  const isOurs = (word: string): boolean => word.includes(home) || word.includes(project);
  endAll(({ words }) => words.some((word) => word.endsWith('/csa-brief.js')) && words.some(isOurs));
}

function endAll(isWanted: (candidate: Candidate) => boolean): void {
  // A process may fork between the look and the kill, hence look again until nothing is left.
  for (let round = 0; round < 20; round += 1) {
    const wanted = candidates().filter(isWanted);
    if (wanted.length === 0) return;
    for (const { pid } of wanted) killIfThere(pid);
  }
}

function isMember(candidate: Candidate, world: World, id: string): boolean {
  if (candidate.pid === process.pid || candidate.pid === process.ppid) return false;
  if (!candidate.words.some((word) => word.includes(id))) return false;
  const home = candidate.words.find((word) => word.startsWith('HOME='));
  return home === undefined || home === `HOME=${world.home}`;
}

function candidates(): Candidate[] {
  return process.platform === 'linux' ? candidatesFromProc() : candidatesFromPs();
}

function candidatesFromProc(): Candidate[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({
    pid: Number(pid),
    words: [...wordsOf(`/proc/${pid}/cmdline`), ...wordsOf(`/proc/${pid}/environ`)],
  }));
}

/** A process that has gone, is a zombie or is another user's has no words, and so is nobody's member. */
function wordsOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** `ps -E` (macOS) prints the environment after the command line; words with spaces come apart, ids and homes don't. */
function candidatesFromPs(): Candidate[] {
  const listing = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 64 << 20 });
  return listing.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), words: (match[2] ?? '').split(' ') }] : [];
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
