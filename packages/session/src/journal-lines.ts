/** What one line of a journal says. */
export type JournalLine =
  | { readonly kind: 'entry'; readonly value: unknown }
  /** Nothing after this line counts: the journal goes on in its next file. */
  | { readonly kind: 'sealed' }
  /** These were told in files that are gone by now. */
  | { readonly kind: 'told'; readonly ids: readonly string[] }
  /** Torn, or not ours. */
  | { readonly kind: 'garbage' };

/** Longer than any line that is written here; what is longer is garbage and is not held in memory. */
export const MAX_LINE_BYTES: number = 256 * 1024;

const LINE_FEED = 0x0a;
const IDS_A_LINE = 500;
const GARBAGE = { kind: 'garbage' } as const;

/** Gives the whole lines of bytes that come in pieces of any size; an unfinished line waits for its end. */
export class LineSplitter {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isTooLong = false;

  take(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#release());
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    return lines.filter((line) => line !== '');
  }

  #hold(piece: Buffer): void {
    this.#pendingBytes += piece.length;
    this.#isTooLong ||= this.#pendingBytes > MAX_LINE_BYTES;
    if (this.#isTooLong) this.#pending = [];
    // The chunk is the reader's buffer, which it will fill again.
    else if (piece.length > 0) this.#pending.push(Buffer.from(piece));
  }

  #release(): string {
    const line = this.#isTooLong ? '\u0000' : Buffer.concat(this.#pending).toString('utf8');
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#isTooLong = false;
    return line;
  }
}

export function parseJournalLine(text: string): JournalLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return GARBAGE;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return GARBAGE;
  if (!Object.hasOwn(value, 'journal')) return { kind: 'entry', value };
  const { journal, ids } = value as { journal: unknown; ids?: unknown };
  if (journal === 'sealed') return { kind: 'sealed' };
  const isTold = journal === 'told' && Array.isArray(ids) && ids.every((id) => typeof id === 'string');
  return isTold ? { kind: 'told', ids } : GARBAGE;
}

export function sealLine(): string {
  return JSON.stringify({ journal: 'sealed' });
}

export function toldLines(ids: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < ids.length; at += IDS_A_LINE) {
    lines.push(JSON.stringify({ journal: 'told', ids: ids.slice(at, at + IDS_A_LINE) }));
  }
  return lines;
}
