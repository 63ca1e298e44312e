import { readFileSync } from 'node:fs';
import { type Host, openFilesLimit, procView, thisHost } from '@csa/liveness';
import { type Finding, findingsOf } from './finding.ts';

/** What tells processes of this machine apart. */
export interface SystemFacts {
  /** `ours`: it shows the pids of this process's own namespace; `missing`: the system has none (macOS). */
  readonly proc: 'ours' | 'foreign' | 'missing';
  /** Whether other users' processes can be seen there (mount option hidepid). */
  readonly hidesOthers: boolean;
  readonly host: Host;
  /** Files that a process may have open; `undefined` where nobody tells. */
  readonly openFiles: number | undefined;
}

/** The first pid namespace of every kernel (PROC_PID_INIT_INO in include/linux/proc_ns.h). */
const INITIAL_PID_NAMESPACE = '4026531836';
const FEW_FILES = 256;
const { ok, note, warning } = findingsOf('system');

export function systemFacts(): SystemFacts {
  return {
    proc: procView(),
    hidesOthers: process.platform === 'linux' && readOrNothing('/proc/1/stat') === undefined,
    host: thisHost(),
    openFiles: openFilesLimit(),
  };
}

export function judgeSystem({ proc, hidesOthers, host, openFiles }: SystemFacts): Finding[] {
  return [
    proc === 'missing' ? ok('processes are listed with ps') : judgeProc(proc, hidesOthers),
    host.bootId === undefined
      ? warning('the boot id cannot be read: lifelines are not trusted', 'Mount /proc as the kernel offers it')
      : ok('the boot id is known'),
    ...judgeMachine(host),
    ...judgeNamespace(host),
    ...judgeOpenFiles(openFiles),
  ];
}

function judgeProc(proc: 'ours' | 'foreign', hidesOthers: boolean): Finding {
  if (proc === 'foreign') {
    return warning(
      '/proc is not mounted for this pid namespace: sessions without a lifeline are of unknown liveness',
      'Mount a /proc of its own (unshare --mount-proc, or the --pid setting of the container)',
    );
  }
  return hidesOthers
    ? note('/proc hides processes of other users: of their sessions without a lifeline nothing can be said')
    : ok('/proc shows the processes of this pid namespace');
}

function judgeMachine({ machineId }: Host): Finding[] {
  if (machineId !== undefined && machineId !== '' && machineId !== '-') return [ok('the machine id is known')];
  return [
    note('there is no machine id: sessions of other machines on a common home are not told apart', {
      say: 'Give the machine one',
      run: 'sudo systemd-machine-id-setup',
    }),
  ];
}

function judgeNamespace({ pidNamespace }: Host): Finding[] {
  if (pidNamespace === undefined || pidNamespace === INITIAL_PID_NAMESPACE) return [];
  return [
    note('this is a container or a pid namespace of its own: when its first process ends, its sessions end with it'),
  ];
}

function judgeOpenFiles(limit: number | undefined): Finding[] {
  if (limit === undefined) return [];
  if (limit >= FEW_FILES) return [ok(`${Number.isFinite(limit) ? limit : 'any number of'} open files are allowed`)];
  return [warning(`only ${limit} open files are allowed`, { say: 'Allow more', run: 'ulimit -n 1024' })];
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
