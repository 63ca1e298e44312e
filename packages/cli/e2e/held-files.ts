import { readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** How many of a process's descriptors are files of this name. */
export function filesHeldBy(pid: number, name: string): number {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).filter((fd) => {
    try {
      return basename(readlinkSync(join(directory, fd))) === name;
    } catch {
      // Closed in between.
      return false;
    }
  }).length;
}
