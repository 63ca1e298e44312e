import type { BigIntStats } from 'node:fs';
import { type Line, linesFrom } from './lines.ts';
import { parserFor } from './parser-for.ts';
import { type TranscriptFile, withTranscript } from './transcript-file.ts';
import type { TranscriptAgent, Turn } from './turn.ts';
import type { Checkpoint } from './turn-parser.ts';

/** What tells that a transcript is the one that was read, and how far; it survives as JSON. */
export interface Bookmark {
  readonly checkpoint: Checkpoint;
  readonly validator: Validator;
  /** Of the bytes before the checkpoint: a file that was written anew in place has others there. */
  readonly mark: number;
}

/** Of a file's status; nanoseconds and inode numbers are beyond what a double tells apart. */
export interface Validator {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly ino: string;
  readonly dev: string;
}

/**
 * What a transcript tells since a bookmark. `settled`: no later line changes them, and they are not told again, but for
 * one now and then, under the same id; `pending`: the last ones, told again next time as they are then.
 */
export type TurnsNews =
  /** It cannot be read. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'same' }
  | {
      /** `anew`: it is another file by now, or there was no bookmark; all that was known of it is void. */
      readonly kind: 'more' | 'anew';
      readonly settled: readonly Turn[];
      readonly pending: readonly Turn[];
      readonly bookmark: Bookmark;
    };

const MARK_BYTES = 256;
const MAX_TURNS = 50_000;

/** All turns of a transcript, in the order in which they were answered. Never throws, never blocks. */
export function turnsOf(path: string, agent: TranscriptAgent): readonly Turn[] {
  const news = readTurns(path, agent);
  return news.kind === 'anew' ? [...news.settled, ...news.pending] : [];
}

/**
 * Reads a transcript on from where an earlier reading ended: an append costs what was appended, and the last turn.
 * Never throws, never blocks.
 */
export function readTurns(path: string, agent: TranscriptAgent, from?: Bookmark): TurnsNews {
  return withTranscript<TurnsNews>(path, (file) => newsOf(file, agent, from), { kind: 'nothing' });
}

function newsOf(file: TranscriptFile, agent: TranscriptAgent, from: Bookmark | undefined): TurnsNews {
  const validator = validatorOf(file.stat);
  if (from !== undefined && isSame(validator, from.validator)) return { kind: 'same' };
  const checkpoint = from !== undefined && goesOn(file, validator, from) ? from.checkpoint : undefined;
  const parser = parserFor(agent, checkpoint);
  const settled: Turn[] = [];
  let end = checkpoint?.offset ?? 0;
  let unfinished: Line | undefined;
  for (const line of linesFrom(file, end)) {
    if (line.next === undefined) unfinished = line;
    else keep(settled, parser.take(line.text, line.at));
    end = line.next ?? end;
  }
  const reached = parser.checkpoint(end);
  const pending: Turn[] = [];
  // It may be whole but for its end: what it says counts, but not for the next reading.
  if (unfinished !== undefined) keep(pending, parser.take(unfinished.text, unfinished.at));
  keep(pending, parser.open);
  const bookmark = { checkpoint: reached, validator, mark: markBefore(file, reached.offset) };
  return { kind: checkpoint === undefined ? 'anew' : 'more', settled, pending, bookmark };
}

/** The newest ones, when there are more than any conversation has. */
function keep(turns: Turn[], turn: Turn | undefined): void {
  if (turn !== undefined) turns.push(turn);
  if (turns.length >= 2 * MAX_TURNS) turns.splice(0, MAX_TURNS);
}

/** Whether what was read is still there, in front of what is new. */
function goesOn(file: TranscriptFile, now: Validator, from: Bookmark): boolean {
  const { ino, dev } = from.validator;
  const isThere = now.ino === ino && now.dev === dev && file.size >= from.checkpoint.offset;
  return isThere && markBefore(file, from.checkpoint.offset) === from.mark;
}

function validatorOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): Validator {
  return { size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}`, ino: `${ino}`, dev: `${dev}` };
}

function isSame(a: Validator, b: Validator): boolean {
  const fields = ['size', 'mtimeNs', 'ctimeNs', 'ino', 'dev'] as const;
  return fields.every((field) => a[field] === b[field]);
}

/** FNV-1a of 32 bits over the bytes right before an offset. */
function markBefore(file: TranscriptFile, offset: number): number {
  const from = Math.max(0, offset - MARK_BYTES);
  let hash = 0x811c9dc5;
  for (const byte of file.read(Buffer.alloc(offset - from), from)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
