/** Wakes one sleeper: rung while nobody sleeps, the next sleep ends at once. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Clear before reading: a change during the read rings again. */
  clear(): void {
    this.#rung = false;
  }

  /** Ends when rung or after `ms` milliseconds; holds one timer. */
  async sleep(ms: number): Promise<void> {
    if (this.#rung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
