#!/usr/bin/env node
// Refreshes the brief of one project; started by its sessions' supervisors, never by hand.
import { setPriority } from 'node:os';

const LIMIT_MS = 60_000;
/** As nice(1) has it: nobody waits for a refresh. */
const NICENESS = 10;

// Not an exit: exit(3) joins a thread that hangs in a file system.
setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIMIT_MS).unref();
try {
  setPriority(NICENESS);
} catch {
  // Then it takes its turn as others do.
}
const { closeInheritedDescriptors } = await import('@csa/liveness');
closeInheritedDescriptors([]);
const { runRefresh } = await import('../dist/brief/run-refresh.js');
await runRefresh(process.argv.slice(2), process.env);
