/** Tells a client that a call goes on. */
export interface Progress {
  /** Tells at once, then again and again, what `message` says then; `end` it when the call is over. */
  begin(message: () => string, capMs?: number): { end(): void };
}

/** Sends one notification; where there is nobody who wants it, or who reads, nothing happens. */
export type SendProgress = (progress: { progress: number; total?: number; message: string }) => void;

/** A client that wants no progress. */
export const UNTOLD: Progress = { begin: () => ({ end: () => {} }) };

/**
 * Milliseconds until the next notification. Quick calls of impatient clients first; then a pace that keeps a timeout of
 * five seconds from running out and costs little in clients that keep each of them for ever.
 */
export function nextProgressMs(elapsedMs: number): number {
  if (elapsedMs < 20_000) return 500;
  return elapsedMs < 120_000 ? 2_000 : 4_000;
}

/** Sends progress whose value, in seconds, only ever grows. */
export function progressBy(send: SendProgress): Progress {
  return { begin: (message, capMs) => new Teller(send, message, capMs) };
}

class Teller {
  readonly #send: SendProgress;
  readonly #message: () => string;
  readonly #total: { total?: number };
  readonly #start = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #told = -1;

  constructor(send: SendProgress, message: () => string, capMs: number | undefined) {
    this.#send = send;
    this.#message = message;
    this.#total = capMs === undefined ? {} : { total: seconds(capMs) };
    this.#tell();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const elapsedMs = performance.now() - this.#start;
    const progress = seconds(elapsedMs);
    if (progress > this.#told) {
      this.#told = progress;
      this.#send({ progress, ...this.#total, message: this.#words() });
    }
    this.#timer = setTimeout(() => this.#tell(), nextProgressMs(elapsedMs));
  }

  /** A log that cannot be read (EIO, ESTALE) is no reason to be silent, nor to end the wait. */
  #words(): string {
    try {
      return this.#message();
    } catch {
      return 'waiting';
    }
  }
}

/** In steps of a tenth. */
function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
