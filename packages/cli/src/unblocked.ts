import { constants, fstatSync, openSync } from 'node:fs';
import { errnoOf } from '@csa/session';

/**
 * A descriptor of the same pipe or terminal that never blocks, with flags of its own: whoever else holds the first one
 * notices nothing. `undefined` for what does not block (a file), and where there is no way to get one: sockets,
 * somebody else's terminal, macOS.
 */
export function unblocked(fd: number): number | undefined {
  try {
    const stat = fstatSync(fd);
    if (process.platform !== 'linux' || !(stat.isFIFO() || stat.isCharacterDevice())) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
