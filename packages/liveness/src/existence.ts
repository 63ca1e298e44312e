import { errorCode } from './error-code.ts';

/**
 * Whether a process (or, for a negative number, any member of a process group) exists, zombies included.
 * Signal 0 only checks; EPERM is the answer for one that exists and belongs to somebody else (kill(2)).
 */
export function exists(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EPERM') return true;
    if (code === 'ESRCH') return false;
    throw error;
  }
}
