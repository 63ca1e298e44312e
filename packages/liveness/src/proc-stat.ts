/** What this package needs of /proc/<pid>/stat; field numbers as in proc_pid_stat(5). */
export interface ProcStat {
  /** Field 3: one letter. */
  readonly state: string;
  /** Field 5: process group id. */
  readonly pgid: number;
  /** Field 20: number of threads, the first one included even when it has ended. */
  readonly threads: number;
  /** Field 22: start time in clock ticks since boot, as decimal text. */
  readonly startTime: string;
}

/**
 * Parse the text of /proc/<pid>/stat; undefined when it does not have that form.
 * Field 2 is the command name in parentheses and may itself hold blanks, newlines and parentheses, so that only what
 * follows the last `)` can be split.
 */
export function parseStat(text: string): ProcStat | undefined {
  const end = text.lastIndexOf(')');
  if (end === -1) return undefined;
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  const [state, pgid, threads, startTime] = [3, 5, 20, 22].map((field) => fields[field - 3] ?? '');
  if (state === undefined || !/^[A-Za-z]$/.test(state)) return undefined;
  if (pgid === undefined || !/^-?\d+$/.test(pgid)) return undefined;
  if (threads === undefined || !/^\d+$/.test(threads)) return undefined;
  if (startTime === undefined || !/^\d+$/.test(startTime)) return undefined;
  return { state, pgid: Number(pgid), threads: Number(threads), startTime };
}

/**
 * Whether the process has ended and only its entry is left (`Z`, `X`; `x` before Linux 3.14).
 * `Z` with more than one thread is a process whose first thread has ended while others still run: that one lives.
 */
export function hasEnded(stat: ProcStat): boolean {
  if (stat.state === 'Z') return stat.threads <= 1;
  return stat.state === 'X' || stat.state === 'x';
}
