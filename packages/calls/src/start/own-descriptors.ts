import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errnoOf } from '@csa/session';

/** The lower ones are open since before Node began: it sees to that itself. */
export const FIRST_FREE_FD = 3;
const ACCESS_MODE = 0o3;

/**
 * Whether a descriptor is one of Node's own: to hand it on would end in nothing that can be read, to close it would end
 * this program. Close-on-exec does not tell, because libuv marks inherited ones with it too; what they are does: Node's
 * are anonymous inodes (epoll, eventfd, io_uring; proc_pid_fd(5)) and pipes of which it holds both ends. Never where
 * there is no /proc.
 */
export function isOwnDescriptor(fd: number): boolean {
  if (fd < FIRST_FREE_FD) return false;
  const file = fileOf(fd);
  return file.startsWith('anon_inode:') || (file.startsWith('pipe:') && hasWriter(file));
}

/** `O_RDONLY`, `O_WRONLY` or `O_RDWR` (proc_pid_fdinfo(5)); `undefined` where there is no /proc. */
export function accessOf(fd: number): number | undefined {
  const text = orNothing(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? '';
  const flags = /^flags:\s+([0-7]+)$/m.exec(text)?.[1];
  return flags === undefined ? undefined : Number.parseInt(flags, 8) & ACCESS_MODE;
}

function hasWriter(pipe: string): boolean {
  const fds = orNothing(() => readdirSync('/proc/self/fd').map(Number)) ?? [];
  return fds.some((fd) => fileOf(fd) === pipe && accessOf(fd) !== constants.O_RDONLY);
}

/** Empty where that cannot be told. */
function fileOf(fd: number): string {
  return orNothing(() => readlinkSync(`/proc/self/fd/${fd}`)) ?? '';
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
