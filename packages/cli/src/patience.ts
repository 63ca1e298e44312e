import { ownTroubleOf } from '@csa/session';

/** So long the first look is tried again: nobody has been shown anything yet. */
const FIRST_LOOK_MS = 3_000;
/** Trouble that has lasted for so long is told, once; the looks go on. */
const UNTOLD_MS = 10_000;

/**
 * Looks at sessions for long. Trouble of our own (no descriptor left, a disk that fails for a moment) says nothing of
 * them and may pass: the look is to be taken again later, and what was shown before stands.
 */
export class Patience {
  readonly #warn: (line: string) => void;
  #since: number | undefined;
  #hasSeen = false;
  #hasWarned = false;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** Whether the last look failed, so that the next one is due soon. */
  get isWaiting(): boolean {
    return this.#since !== undefined;
  }

  /** What the look shows; `undefined`: nothing by now. @throws what does not pass, or has not before the first success */
  async look<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      const shown = await look();
      this.#since = undefined;
      this.#hasSeen = true;
      this.#hasWarned = false;
      return shown;
    } catch (error) {
      this.#bear(error);
      return undefined;
    }
  }

  #bear(error: unknown): void {
    const code = ownTroubleOf(error);
    if (code === undefined) throw error;
    this.#since ??= performance.now();
    const lasted = performance.now() - this.#since;
    if (!this.#hasSeen && lasted >= FIRST_LOOK_MS) throw error;
    if (lasted < UNTOLD_MS || this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(`the sessions cannot be looked at for now (${code}): what is shown may be out of date`);
  }
}
