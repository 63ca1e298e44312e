import { fstatSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { INTERRUPTED_EXITS } from '@csa/calls';
import type { Outlet } from '@csa/calls/logs';
import { errnoOf } from '@csa/session';
import type { Interrupts } from '../interrupts.ts';
import { unblocked } from '../unblocked.ts';
import { outputLost, STDOUT } from './outlet.ts';

const STDERR = 2;
const RETRY_MS = 5;
/** How often it is found out whether the parent is still there. */
const CHECK_MS = 2_000;
/** How long nothing is printed before it is found out whether the reader is. */
const PULSE_MS = 4_000;
/** Nothing in front of a JSON document, and nothing to a shell's `read` or to awk in front of any line. */
const PULSE = Buffer.from(' ');

/**
 * Standard output of a command that prints for long. A reader that has stopped reading keeps nobody from hearing a
 * signal, and the command does not outlive those for whom it prints: its parent, and with `lines` also a reader of
 * whole lines that goes away while there is nothing to tell.
 */
export class LastingOutlet {
  readonly #interrupts: Interrupts;
  readonly #fd: number;
  readonly #pulses: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #unread = new AbortController();
  #stderr: number | undefined;
  #isPrinting = false;
  #isCut = false;
  #printedAt = performance.now();
  /** Aborted by a signal, and when nobody is there any more. */
  readonly signal: AbortSignal;

  /** `lines`: whole lines are printed, in front of which a blank is nothing. */
  constructor(interrupts: Interrupts, { lines }: { readonly lines: boolean }) {
    this.#interrupts = interrupts;
    this.signal = AbortSignal.any([interrupts.signal, this.#unread.signal]);
    const own = unblocked(STDOUT);
    // A socket, as programs give it to each other: Node makes it one that does not block, and undoes that at its end.
    if (own === undefined) void process.stdout;
    this.#fd = own ?? STDOUT;
    this.#pulses = lines && hasReader();
    this.#timer = setInterval(() => this.#check(), CHECK_MS).unref();
  }

  /** By a signal, or because the parent is gone. */
  get isInterrupted(): boolean {
    return this.#interrupts.cause !== undefined;
  }

  /** The code to leave with: that of the signal, or 0 where nobody reads any more. */
  get exitCode(): number {
    const { cause } = this.#interrupts;
    return cause === undefined ? 0 : INTERRUPTED_EXITS[cause];
  }

  /** The reader has not taken what was printed last: it would not take any last words either. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** `false` when there is nobody to print for any more. @throws Refusal reason=output-lost */
  readonly print: Outlet = async (bytes) => {
    if (this.signal.aborted) return false;
    if (bytes.length === 0) return true;
    this.#isPrinting = true;
    try {
      return await this.#write(bytes);
    } finally {
      this.#isPrinting = false;
      this.#printedAt = performance.now();
    }
  };

  /** As much of it as is taken at once, also after a signal. */
  leave(text: string): void {
    if (!this.#isCut) tryWrite(this.#fd, Buffer.from(text, 'utf8'));
  }

  /** A line on standard error, for which nobody waits either. */
  readonly warn = (line: string): void => {
    this.#stderr ??= unblocked(STDERR) ?? STDERR;
    tryWrite(this.#stderr, Buffer.from(`csa: ${line}\n`, 'utf8'));
  };

  close(): void {
    clearInterval(this.#timer);
  }

  async #write(bytes: Buffer): Promise<boolean> {
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(this.#fd, bytes, done);
      } catch (error) {
        const code = errnoOf(error);
        if (code === undefined) throw error;
        if (code === 'EPIPE') return this.#lose();
        if (code !== 'EAGAIN') throw outputLost();
        this.#isCut = this.signal.aborted;
        if (this.#isCut) return false;
        await delay(RETRY_MS);
      }
    }
    return true;
  }

  #lose(): false {
    this.#unread.abort();
    return false;
  }

  #check(): void {
    this.#interrupts.checkParent();
    const isDue = this.#pulses && !this.#isPrinting && performance.now() - this.#printedAt >= PULSE_MS;
    if (!isDue) return;
    this.#printedAt = performance.now();
    // Only a write shows that a reader has left.
    if (tryWrite(this.#fd, PULSE) === 'EPIPE') this.#lose();
  }
}

/** A pipe or a socket; a terminal that goes sends a signal. */
function hasReader(): boolean {
  try {
    const stat = fstatSync(STDOUT);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/** The errno of what went wrong; what is not taken is not waited for. */
function tryWrite(fd: number, bytes: Buffer): string | undefined {
  try {
    writeSync(fd, bytes);
    return undefined;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code;
  }
}
