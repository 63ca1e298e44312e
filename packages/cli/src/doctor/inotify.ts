import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { type Finding, findingsOf } from './finding.ts';

/** What this user has of the kernel's file events (inotify(7)). */
export interface InotifyFacts {
  readonly instances: Share;
  readonly watches: Share;
  /** Not every process was counted, for there are too many. */
  readonly isPartial: boolean;
}

export interface Share {
  readonly used: number;
  /** Absent where nobody tells. */
  readonly limit?: Limit | undefined;
}

/** A limit, and the name that sysctl(8) knows it by. */
export interface Limit {
  readonly most: number;
  readonly setting: string;
}

const MAX_DESCRIPTORS = 50_000;
const FEW_INSTANCES = 8;
const FEW_WATCHES = 64;
const { ok, warning } = findingsOf('inotify');

/** `undefined` where there is no inotify. */
export function inotifyFacts(): InotifyFacts | undefined {
  if (process.platform !== 'linux') return undefined;
  const used = { instances: 0, watches: 0, descriptors: 0 };
  for (const pid of ownPids()) {
    if (used.descriptors >= MAX_DESCRIPTORS) break;
    count(pid, used);
  }
  return {
    instances: { used: used.instances, limit: limitOf('instances') },
    watches: { used: used.watches, limit: limitOf('watches') },
    isPartial: used.descriptors >= MAX_DESCRIPTORS,
  };
}

export function judgeInotify({ instances, watches, isPartial }: InotifyFacts): Finding[] {
  const least = isPartial ? ' at least (there are too many processes to count all)' : '';
  return [judgeShare('instances', instances, FEW_INSTANCES, least), judgeShare('watches', watches, FEW_WATCHES, least)];
}

function judgeShare(name: 'instances' | 'watches', { used, limit }: Share, few: number, least: string): Finding {
  if (limit === undefined) return ok(`${used} inotify ${name} are used${least}`);
  const { most, setting } = limit;
  const said = `${used} of ${most} inotify ${name} of this user are used${least}`;
  if (most - used >= few) return ok(said);
  return warning(`${said}: waits that get none look every second instead`, {
    say: 'Allow more, or end what holds them',
    run: `sudo sysctl ${setting}=${Math.max(1_024, most * 2)}`,
  });
}

/** The system's limit for every user, and that of the user namespace: the smaller one counts (user_namespaces(7)). */
function limitOf(name: 'instances' | 'watches'): Limit | undefined {
  return [`fs.inotify.max_user_${name}`, `user.max_inotify_${name}`]
    .map((setting) => ({ setting, most: numberIn(`/proc/sys/${setting.replaceAll('.', '/')}`) }))
    .filter((limit): limit is Limit => limit.most !== undefined)
    .sort((a, b) => a.most - b.most)[0];
}

function numberIn(path: string): number | undefined {
  const text = quietly(() => readFileSync(path, 'utf8').trim());
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The limit is a user's: processes of others use up theirs. */
function ownPids(): string[] {
  const uid = process.geteuid?.();
  const pids = quietly(() => readdirSync('/proc'))?.filter((name) => /^\d+$/.test(name)) ?? [];
  return pids.filter((pid) => quietly(() => statSync(`/proc/${pid}`).uid) === uid);
}

/** proc_pid_fdinfo(5): an inotify descriptor has one line for each watch. */
function count(pid: string, used: { instances: number; watches: number; descriptors: number }): void {
  for (const fd of quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    used.descriptors += 1;
    if (quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) !== 'anon_inode:inotify') continue;
    const info = quietly(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1')) ?? '';
    used.instances += 1;
    used.watches += info.match(/^inotify /gm)?.length ?? 0;
  }
}

/** A process or a descriptor that is gone, or belongs to somebody else, is not counted. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
