import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheTier } from './cap.ts';

/** How much of a transcript's end is searched for the last turn that wrote to the cache. */
const TAIL_BYTES = 256 * 1024;

/**
 * The tier of the calling Claude Code conversation's prompt cache, as its own transcript shows it; `undefined` where
 * there is no transcript or nothing was cached. Never throws: cache tuning cannot make a wait fail.
 */
export function callerCacheTier(env: NodeJS.ProcessEnv): CacheTier | undefined {
  const id = env['CLAUDE_CODE_SESSION_ID'];
  const home = env['CLAUDE_CONFIG_DIR'] || (env['HOME'] && join(env['HOME'], '.claude'));
  if (id === undefined || !/^[A-Za-z0-9-]{1,64}$/.test(id) || !home) return undefined;
  for (const cwd of currentDirectories(env)) {
    const path = join(home, 'projects', cwd.replace(/[^A-Za-z0-9]/g, '-'), `${id}.jsonl`);
    const tier = tierOfLines(readTail(path).split('\n'));
    if (tier !== undefined) return tier;
  }
  return undefined;
}

/** The conversation's folder is named after its directory, as the shell or as the kernel spells it. */
function currentDirectories(env: NodeJS.ProcessEnv): string[] {
  const spelled = env['PWD'] === undefined ? [] : [env['PWD']];
  try {
    return [process.cwd(), ...spelled];
  } catch {
    // It was removed.
    return spelled;
  }
}

/** The tier of the last turn of the main conversation that wrote to the cache. */
export function tierOfLines(lines: readonly string[]): CacheTier | undefined {
  for (const line of lines.toReversed()) {
    const tier = line.includes('"cache_creation"') ? tierOfLine(line) : undefined;
    if (tier !== undefined) return tier;
  }
  return undefined;
}

function tierOfLine(line: string): CacheTier | undefined {
  const turn = parseTurn(line);
  if (turn?.isSidechain === true || turn?.isApiErrorMessage === true) return undefined;
  const written = turn?.message?.usage?.cache_creation;
  if (isPositive(written?.ephemeral_1h_input_tokens)) return '1h';
  return isPositive(written?.ephemeral_5m_input_tokens) ? '5m' : undefined;
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

interface Turn {
  readonly isSidechain?: unknown;
  readonly isApiErrorMessage?: unknown;
  readonly message?: {
    readonly usage?: {
      readonly cache_creation?: {
        readonly ephemeral_1h_input_tokens?: unknown;
        readonly ephemeral_5m_input_tokens?: unknown;
      } | null;
    } | null;
  } | null;
}

function parseTurn(line: string): Turn | null {
  try {
    return JSON.parse(line) as Turn | null;
  } catch {
    // The first line of the tail is cut, the last one may still be being written.
    return null;
  }
}

function readTail(path: string): string {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return '';
    const buffer = Buffer.alloc(Math.min(stat.size, TAIL_BYTES));
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, stat.size - buffer.length)).toString('utf8');
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
