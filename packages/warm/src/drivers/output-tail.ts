import type { Readable } from 'node:stream';

/** What is kept of a program's output: its last words count. */
export const MAX_OUTPUT_BYTES: number = 1024 * 1024;
/** A writer of single bytes is not to fill the memory with their bookkeeping. */
const MAX_CHUNKS = 256;

/** The last bytes that a stream brings, however many those are. */
export class OutputTail {
  readonly #stream: Readable | null;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param stream `null`, or not there at all, where there were no descriptors left for it */
  constructor(stream: Readable | null) {
    this.#stream = stream ?? null;
    // A pipe that breaks has brought what it has brought.
    stream?.on('error', () => {});
    stream?.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#chunks.length > MAX_CHUNKS) this.#chunks = [Buffer.concat(this.#chunks)];
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= MAX_OUTPUT_BYTES) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  /** Reads no more; gives what there is. */
  close(): string {
    this.#stream?.destroy();
    return Buffer.concat(this.#chunks).subarray(-MAX_OUTPUT_BYTES).toString('utf8');
  }
}
