// pid_t is a signed 32-bit number; what is larger would be cut to another, valid pid on its way into kill(2).
const LARGEST_PID = 2 ** 31 - 1;

/** Whether a number can be a process id at all: a whole number from 1 to 2^31 - 1. */
export function isPid(pid: number): boolean {
  return Number.isInteger(pid) && pid >= 1 && pid <= LARGEST_PID;
}
