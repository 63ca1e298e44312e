import { StringDecoder } from 'node:string_decoder';
import { cleanText } from '@csa/markers';
import { errnoOf, LOG_NAMES, type LogName, logBlocks, logSize, Refusal, type Session, tailOffset } from '@csa/session';
import type { Report } from '../report.ts';
import { writeFully } from '../write-fully.ts';

export interface LogForm {
  /** Lines of each stream; `undefined`: all of them. */
  readonly tail: number | undefined;
  readonly raw: boolean;
}

/** A line longer than this is cut in pieces, so that memory stays bounded whatever a command prints. */
const MAX_LINE = 64 * 1024;
/** How much a number of lines may come to: a single line may be as long as the log. */
const MAX_TAIL_BYTES = 1024 * 1024;
/** ESC and the C1 controls: what an escape sequence begins with. */
const ESCAPE = /[\u001b\u0080-\u009f]/;
const STDOUT = 1;

/** @throws Refusal reason=bad-tail */
export function parseTail(text: string): number | undefined {
  if (text === 'all') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal({
    reason: 'bad-tail',
    what: '--tail is no number of lines',
    expected: 'a whole number from 0 to 999999999, or all',
    got: JSON.stringify(text.slice(0, 40)),
    next: 'Write --tail 100',
  });
}

/**
 * Prints the logs that have something in them, each under its name when there are several.
 * @throws Refusal reason=logs-unreadable | output-lost
 */
export function printLogs(session: Session, form: LogForm): Report {
  try {
    return printAll(session, form);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new Refusal({
      reason: 'logs-unreadable',
      what: `the logs of session ${session.id} cannot be read`,
      expected: 'files that this user can read',
      got: `${errnoOf(error)} in ${session.directory}`,
      next: 'Fix their permissions, or read them as the user who started the session',
      cause: error,
    });
  }
}

function printAll(session: Session, form: LogForm): Report {
  const names = LOG_NAMES.filter((name) => (logSize(session, name) ?? 0) > 0);
  const notes: string[] = names.length === 0 ? ['the logs are empty'] : [];
  for (const name of names) {
    const start = tailStart(session, name, form.tail);
    if (start > 0) notes.push(`${name}: only its end is shown; --tail all shows everything`);
    const title = names.length > 1 ? `==> ${name} <==\n` : '';
    const isRead = print(title) && printLog(session, name, start, form.raw);
    if (!isRead) break;
  }
  return { exitCode: 0, stdout: [], stderr: notes };
}

function tailStart(session: Session, name: LogName, lines: number | undefined): number {
  if (lines === undefined) return 0;
  return Math.max(tailOffset(session, name, lines), (logSize(session, name) ?? 0) - MAX_TAIL_BYTES);
}

/** `false`: nobody reads any more. */
function printLog(session: Session, name: LogName, start: number, raw: boolean): boolean {
  const lines = new CleanLines();
  for (const block of logBlocks(session, name, start)) {
    if (!print(raw ? block : lines.take(block))) return false;
  }
  return raw || print(lines.rest());
}

/** Cleans text that comes in pieces, whole lines at a time, so that nothing can hide across a boundary. */
class CleanLines {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  /** What was given out last is no whole line. */
  #isLineOpen = false;

  take(chunk: Buffer): string {
    this.#pending += this.#decoder.write(chunk);
    const end = this.#pending.lastIndexOf('\n') + 1;
    const cut = end === 0 && this.#pending.length > MAX_LINE ? safeCut(this.#pending) : end;
    const whole = this.#pending.slice(0, cut);
    this.#pending = this.#pending.slice(cut);
    this.#isLineOpen = whole === '' ? this.#isLineOpen : cut > end;
    return cleanText(whole);
  }

  rest(): string {
    const last = cleanText(this.#pending + this.#decoder.end());
    if (last === '') return this.#isLineOpen ? '\n' : '';
    return last.endsWith('\n') ? last : `${last}\n`;
  }
}

/**
 * Where a line that is too long to be held can be cut: before anything that may be the beginning of a marker, of an
 * escape sequence or of a line end. Only what begins with one of these and goes on for too long is cut within.
 */
function safeCut(line: string): number {
  for (let at = line.length - 1; at > 0; at -= 1) {
    const character = line.charAt(at);
    if (character === '<' || ESCAPE.test(character)) return at;
  }
  return line.endsWith('\r') ? line.length - 1 : line.length;
}

/** `false` when the reader went away. @throws Refusal reason=output-lost */
function print(text: string | Buffer): boolean {
  const writing = writeFully(STDOUT, typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  if (writing !== 'failed') return writing === 'written';
  throw new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written',
    expected: 'room for the logs',
    got: 'a write that failed',
    next: 'Free some space, or send them elsewhere',
  });
}
