import type { Readable, Writable } from 'node:stream';
import { isJSONRPCNotification, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import { CallsInFlight } from './calls-in-flight.ts';
import { readIncoming } from './incoming.ts';
import { type Line, LineCutter } from './line-cutter.ts';

/** The largest message that is read; no tool of ours takes a thousandth of it. */
export const MAX_MESSAGE_BYTES: number = 10 * 1_048_576;

/** Answers that nobody has read yet: with more of them, nothing more is read that would have to be answered. */
const MAX_UNREAD_BYTES = 4 * 1_048_576;

/** Why there is nobody to talk to any more. */
export type Departure = 'input-ended' | 'output-closed';

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
  readonly maxMessageBytes?: number;
}

/**
 * MCP on two streams, one message a line. Unlike the transport of the SDK it answers what is no message, passes over one
 * that is too long, sends no progress to a client that does not read, and lets what is in flight end after its input has.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly calls: CallsInFlight = new CallsInFlight();
  /** Resolves, with the first cause, once no client is there. */
  readonly departed: Promise<Departure>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #cutter: LineCutter;
  readonly #depart: (why: Departure) => void;
  readonly #onData = (chunk: Buffer): void => this.#takeLines(this.#cutter.take(chunk));
  readonly #onEnd = (): void => {
    this.#takeLines(this.#cutter.rest());
    this.#depart('input-ended');
  };
  readonly #onOutputError = (): void => this.#depart('output-closed');
  readonly #onDrain = (): void => void (this.#isClosed || this.#input.resume());
  #isClosed = false;

  constructor({ input, output, maxMessageBytes = MAX_MESSAGE_BYTES }: Streams) {
    this.#input = input;
    this.#output = output;
    this.#cutter = new LineCutter(maxMessageBytes);
    const { promise, resolve } = Promise.withResolvers<Departure>();
    this.departed = promise;
    this.#depart = resolve;
  }

  async start(): Promise<void> {
    this.#input.on('data', this.#onData);
    this.#input.once('end', this.#onEnd);
    this.#input.once('close', this.#onEnd);
    this.#input.once('error', this.#onEnd);
    // Never taken off: a write may fail long after anybody waits for it.
    this.#output.on('error', this.#onOutputError);
    this.#output.on('drain', this.#onDrain);
  }

  /** Resolves when the stream has taken it, whatever becomes of it: a client that is gone needs no answer. */
  send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed || !this.#output.writable) return Promise.resolve();
    if (isProgress(message) && this.#output.writableNeedDrain) return Promise.resolve();
    return this.#write(message, () => this.calls.leave(message));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input.off('data', this.#onData);
    this.#input.pause();
    this.onclose?.();
  }

  #takeLines(lines: readonly Line[]): void {
    for (const line of lines) {
      const read = readIncoming(line);
      const incoming = read.kind === 'message' ? this.calls.enter(read.message) : read;
      if (incoming.kind === 'refused') void this.#refuse(incoming.answer);
      else if (incoming.kind === 'message') this.onmessage?.(incoming.message);
    }
  }

  /** Its id, if any, belongs to another request: that one goes on. */
  #refuse(answer: JSONRPCMessage): Promise<void> {
    this.onerror?.(new Error(`refused: ${JSON.stringify(answer)}`));
    return this.#write(answer);
  }

  #write(message: JSONRPCMessage, onWritten: () => void = () => {}): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(`${JSON.stringify(message)}\n`, (error) => {
        if (error == null) onWritten();
        resolve();
      });
      if (this.#output.writableLength > MAX_UNREAD_BYTES) this.#input.pause();
    });
  }
}

function isProgress(message: JSONRPCMessage): boolean {
  return isJSONRPCNotification(message) && message.method === 'notifications/progress';
}
