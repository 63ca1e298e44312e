import { readFileSync, statSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { procView } from './proc.ts';

/** Where this process runs. */
export interface Host {
  /** Changes with every boot. Linux: /proc/sys/kernel/random/boot_id (random(4)); macOS: kern.bootsessionuuid. */
  readonly bootId?: string;
  /** /etc/machine-id (machine-id(5)); `-` where there is none. */
  readonly machineId?: string;
  /** Inode number of this process's pid namespace (pid_namespaces(7)), as text; absent on macOS. */
  readonly pidNamespace?: string;
}

let known: Host | undefined;

/** Where this process runs; read once. Each member is absent where it cannot be read. */
export function thisHost(): Host {
  if (known) return known;
  const host = readHost();
  // Without a boot id the reading may have failed for want of descriptors: do not keep that for ever.
  if (host.bootId !== undefined) known = host;
  return host;
}

function readHost(): Host {
  const bootId = procView() === 'missing' ? readBootSession() : readText('/proc/sys/kernel/random/boot_id');
  const machineId = readMachineId();
  const pidNamespace = readPidNamespace();
  return {
    ...(bootId ? { bootId } : {}),
    ...(machineId ? { machineId } : {}),
    ...(pidNamespace ? { pidNamespace } : {}),
  };
}

function readMachineId(): string | undefined {
  const text = readText('/etc/machine-id');
  // machine-id(5): empty or "uninitialized" in images that have not been given one yet.
  return text === '' || text === 'uninitialized' ? '-' : text;
}

function readPidNamespace(): string | undefined {
  try {
    return String(statSync('/proc/self/ns/pid', { bigint: true }).ino);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The trimmed text of a small file: empty where there is no such file, undefined where it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' ? '' : undefined;
  }
}

function readBootSession(): string | undefined {
  // Loaded only here: Linux never needs it for a look.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
