import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { cleanText } from '@csa/markers';
import { LOG_NAMES, type LogName, logSize, Refusal, recordPlace, type Session, tailOffset } from '@csa/session';
import type { Report } from './report.ts';

export interface LogForm {
  /** Lines of each stream; `undefined`: all of them. */
  readonly tail: number | undefined;
  readonly raw: boolean;
}

/** A line longer than this is cut in pieces, so that memory stays bounded whatever a command prints. */
const MAX_LINE = 64 * 1024;

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

/** Prints the logs that have something in them, each under its name when there are several. */
export async function printLogs(session: Session, form: LogForm): Promise<Report> {
  const names = LOG_NAMES.filter((name) => (logSize(session, name) ?? 0) > 0);
  const notes: string[] = names.length === 0 ? ['nothing was printed yet'] : [];
  for (const name of names) {
    const start = form.tail === undefined ? 0 : tailOffset(session, name, form.tail);
    if (names.length > 1) await print(`==> ${name} <==\n`);
    if (start > 0) notes.push(`${name}: only its last ${form.tail} lines are shown; --tail all shows everything`);
    await printLog(session, name, start, form.raw);
  }
  return { exitCode: 0, stdout: [], stderr: notes };
}

async function printLog(session: Session, name: LogName, start: number, raw: boolean): Promise<void> {
  const size = logSize(session, name) ?? 0;
  if (start >= size) return;
  // Only what is there now: a command that never stops printing must not keep us here.
  const stream = createReadStream(recordPlace(session, name).path, { start, end: size - 1 });
  const lines = new CleanLines();
  for await (const chunk of stream as AsyncIterable<Buffer>) await print(raw ? chunk : lines.take(chunk));
  if (!raw) await print(lines.rest());
}

/** Cleans text that comes in pieces, whole lines at a time, so that nothing can hide across a boundary. */
class CleanLines {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  take(chunk: Buffer): string {
    this.#pending += this.#decoder.write(chunk);
    const end = this.#pending.lastIndexOf('\n') + 1;
    const cut = end === 0 && this.#pending.length > MAX_LINE ? this.#pending.length : end;
    const whole = this.#pending.slice(0, cut);
    this.#pending = this.#pending.slice(cut);
    return cleanText(whole) + (cut > end ? '\n' : '');
  }

  rest(): string {
    const last = cleanText(this.#pending + this.#decoder.end());
    return last === '' || last.endsWith('\n') ? last : `${last}\n`;
  }
}

async function print(text: string | Buffer): Promise<void> {
  if (text.length > 0 && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
