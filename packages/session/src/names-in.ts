import { readdirSync } from 'node:fs';
import { errnoOf } from './refusal.ts';

/** What becomes of what cannot be read now (EMFILE, EIO, EACCES). */
export type Trouble = 'skip' | 'throw';

/** What stands in a directory; nothing in one that is not there. @throws a system error, where trouble is to be heard of */
export function namesIn(directory: string, trouble: Trouble = 'skip'): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || (trouble === 'throw' && code !== 'ENOENT' && code !== 'ENOTDIR')) throw error;
    return [];
  }
}
