import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errnoOf, Refusal } from '@csa/session';

/**
 * The directories that a user has named, whole. A report of nothing would hide a slip of the keyboard.
 * @throws Refusal reason=invalid-directory for one that is not there
 */
export function namedDirectories(typed: readonly string[]): string[] {
  const directories = typed.map((directory) => resolve(directory));
  const missing = directories.find((directory) => kindOf(directory) !== 'directory');
  if (missing === undefined) return directories;
  throw new Refusal({
    reason: 'invalid-directory',
    what: 'there are no transcripts where they were said to be',
    expected: 'a directory behind --transcripts',
    got: `${missing}, ${kindOf(missing) === 'absent' ? 'which is not there' : 'which is none'}`,
    next: 'Name one, or leave --transcripts out to look where your agents write',
    command: ['session', 'warm', 'report', '--help'],
  });
}

/** What cannot be looked at is told of in the report. */
function kindOf(path: string): 'directory' | 'other' | 'absent' {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return 'absent';
    return stat.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 'directory';
  }
}
