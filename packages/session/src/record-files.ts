import { lstatSync, type Stats } from 'node:fs';
import { errnoOf } from './refusal.ts';

/** The files of a session's record, in the order in which they come to be. */
export const RECORD_FILES = [
  'state.toml',
  'metadata.toml',
  'daemon.pid',
  'lifeline',
  '.result.reserved',
  'command.pid',
  'stop-request.toml',
  'resume-target.toml',
  'stdout.log',
  'stderr.log',
  'output.log',
  'output/result.toml',
  'result.toml',
  'daemon-completion.toml',
  'supervisor.log',
  '.complete',
] as const;

export type RecordFile = (typeof RECORD_FILES)[number];

/** What stands under a name of the record; never opened, never followed. */
export type Sighting =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly type: 'file' | 'fifo' | 'directory' | 'link' | 'other';
      readonly bytes: number;
      /** Milliseconds since the epoch; an age for people, never a fact. */
      readonly modifiedAt: number;
    }
  /** Our own trouble in looking (EACCES, EIO). */
  | { readonly kind: 'error'; readonly code: string };

const ABSENT = { kind: 'absent' } as const;
const ABSENT_CODES = new Set(['ENOENT', 'ENOTDIR']);

/** One look at a name of the record, in a session's directory; costs one system call. */
export function sightFile(directory: string, name: RecordFile): Sighting {
  try {
    const stat = lstatSync(`${directory}/${name}`, { throwIfNoEntry: false });
    if (stat === undefined) return ABSENT;
    return { kind: 'present', type: typeOf(stat), bytes: stat.size, modifiedAt: stat.mtimeMs };
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return ABSENT_CODES.has(code) ? ABSENT : { kind: 'error', code };
  }
}

function typeOf(stat: Stats): Extract<Sighting, { kind: 'present' }>['type'] {
  if (stat.isFile()) return 'file';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}
