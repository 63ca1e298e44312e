/** What this package needs of /proc/<pid>/stat; field numbers as in proc_pid_stat(5). */
export interface ProcStat {
  /** Field 2: the command's name, at most 15 bytes; any bytes at all. */
  readonly name: string;
  /** Field 3: one letter. */
  readonly state: string;
  /** Field 4: process id of the parent; 0 for a parent outside of this pid namespace. */
  readonly parent: number;
  /** Field 5: process group id. */
  readonly pgid: number;
  /** Fields 14 to 17 together, in clock ticks: its own CPU time and that of the children that it has waited for. */
  readonly cpuTicks: number;
  /** Field 20: number of threads, the first one included even when it has ended. */
  readonly threads: number;
  /** Field 22: start time in clock ticks since boot, as decimal text. */
  readonly startTime: string;
}

const CPU_FIELDS = [14, 15, 16, 17];

/**
 * Parse the text of /proc/<pid>/stat, read as latin1; undefined when it does not have that form.
 * Field 2 is the command name in parentheses and may itself hold blanks, newlines and parentheses, so that only what
 * follows the last `)` can be split.
 */
export function parseStat(text: string): ProcStat | undefined {
  const begin = text.indexOf('(');
  const end = text.lastIndexOf(')');
  if (end === -1) return undefined;
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  const [state, parent, pgid, threads, startTime] = [3, 4, 5, 20, 22].map((field) => fields[field - 3] ?? '');
  if (state === undefined || !/^[A-Za-z]$/.test(state)) return undefined;
  if (parent === undefined || !/^-?\d+$/.test(parent)) return undefined;
  if (pgid === undefined || !/^-?\d+$/.test(pgid)) return undefined;
  if (threads === undefined || !/^\d+$/.test(threads)) return undefined;
  if (startTime === undefined || !/^\d+$/.test(startTime)) return undefined;
  return {
    name: Buffer.from(text.slice(begin + 1, end), 'latin1').toString('utf8'),
    state,
    parent: Number(parent),
    pgid: Number(pgid),
    // A kernel that counts strangely makes no process unreadable: whether it lives does not hang on this.
    cpuTicks: CPU_FIELDS.reduce((sum, field) => sum + (Number(fields[field - 3]) || 0), 0),
    threads: Number(threads),
    startTime,
  };
}

/**
 * Whether the process has ended and only its entry is left (`Z`, `X`; `x` before Linux 3.14).
 * `Z` with more than one thread is a process whose first thread has ended while others still run: that one lives.
 */
export function hasEnded(stat: Pick<ProcStat, 'state' | 'threads'>): boolean {
  if (stat.state === 'Z') return stat.threads <= 1;
  return stat.state === 'X' || stat.state === 'x';
}
