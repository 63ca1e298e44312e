let aside: string | undefined;

/**
 * Node warns on standard error, when a module that imports node:util loads, where FORCE_COLOR stands against NO_COLOR or
 * NODE_DISABLE_COLORS. Whether there are colours is settled in terminal.ts, and a contradiction is none of a reader's
 * business. Called before anything else is loaded.
 */
export function setForcedColourAside(): void {
  const { FORCE_COLOR, NO_COLOR, NODE_DISABLE_COLORS } = process.env;
  if (FORCE_COLOR === undefined || !(NO_COLOR || NODE_DISABLE_COLORS)) return;
  aside = FORCE_COLOR;
  delete process.env['FORCE_COLOR'];
}

/** The command sees the environment as it was, and hands it on as it was. */
export function restoreForcedColour(): void {
  if (aside !== undefined) process.env['FORCE_COLOR'] = aside;
  aside = undefined;
}
