import { readFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** How many files this process may have open; undefined where nobody tells (no /proc). */
export function openFilesLimit(): number | undefined {
  try {
    return parseOpenFiles(readFileSync('/proc/self/limits', 'utf8'));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The soft limit in the text of /proc/self/limits (proc_pid_limits(5)). */
export function parseOpenFiles(text: string): number | undefined {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
