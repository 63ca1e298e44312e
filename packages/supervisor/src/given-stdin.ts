import { closeSync, openSync } from 'node:fs';

/**
 * Lets go of standard input, which belongs to the command alone: a pipe held open here would keep its writer from
 * learning that nobody reads any more. The lowest free number is given to the next that is opened (open(2)), so that
 * /dev/null takes the place.
 */
export function giveUpStdin(): void {
  try {
    closeSync(0);
    openSync('/dev/null', 'r');
  } catch {
    // It was closed before, or no descriptor is left: then nothing is held open either.
  }
}
