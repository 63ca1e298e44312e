import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC in the octal `flags` of /proc/<pid>/fdinfo, proc(5). */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Closes what this process inherited above standard error: a pipe of `$(...)` kept open here would keep its reader
 * waiting, a lock would stay locked. Node opens its own descriptors close-on-exec, so whatever is not, is inherited. The
 * converse does not hold: libuv marks inherited ones too, those up to the first free number above 15
 * (uv_disable_stdio_inheritance). Where the starter is a Node itself, none of these comes here: it marked them first.
 *
 * Call it before node:tls or node:https is loaded: their thread reads certificates through a descriptor of OpenSSL's that
 * is not close-on-exec (NODE_EXTRA_CA_CERTS), and would close a later file of ours in its place.
 */
export function closeInheritedDescriptors(keep: readonly number[]): void {
  for (const fd of openDescriptors()) {
    if (fd <= 2 || keep.includes(fd) || isCloseOnExec(fd)) continue;
    try {
      closeSync(fd);
    } catch {
      // It was the descriptor that listed the others.
    }
  }
}

function openDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

function isCloseOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) !== 0;
  } catch {
    return true;
  }
}
