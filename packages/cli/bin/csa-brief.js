#!/usr/bin/env node
// Refreshes the brief of one project; started by its sessions' supervisors, never by hand.
import { closeInheritedDescriptors } from '@csa/liveness';

const LIMIT_MS = 60_000;

// Not an exit: exit(3) joins a thread that hangs in a file system.
setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIMIT_MS).unref();
closeInheritedDescriptors([]);
const { runRefresh } = await import('../dist/brief/run-refresh.js');
await runRefresh(process.argv.slice(2), process.env);
