import { fstatSync } from 'node:fs';
import type { Interruption } from '@csa/calls';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let listening: Interrupts | undefined;

/** Begins to listen, once: the program's start and its command share one listener. */
export function listenForInterrupts(): Interrupts {
  listening ??= new Interrupts();
  return listening;
}

/** Turns what ends a waiter from outside into an abort; the session is never touched. */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #parent = process.ppid;
  readonly #handlers = SIGNALS.map((signal) => [signal, () => this.#interrupt(signal)] as const);
  #cause: Interruption | undefined;

  constructor() {
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cause(): Interruption | undefined {
    return this.#cause;
  }

  /** A waiter whose parent is gone answers nobody, unless its output goes into a file that somebody will read. */
  checkParent(): void {
    if (process.ppid !== this.#parent && !stdoutIsFile()) this.#interrupt('parent-gone');
  }

  #interrupt(cause: Interruption): void {
    this.#cause ??= cause;
    this.#controller.abort();
  }
}

function stdoutIsFile(): boolean {
  try {
    return fstatSync(1).isFile();
  } catch {
    return false;
  }
}
