// A heartbeat's process as the command line starts it. Its driver notes what it does in a file, and dies where it is
// told to; or it is the one that the state names.
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { closeInheritedDescriptors } from '@csa/liveness';
import type { Driver } from '../index.ts';
import { ANSWER_FD } from './heartbeat-answer.ts';

// Before what loads node:tls: see bin/csa-warm.js of @csa/cli.
closeInheritedDescriptors([ANSWER_FD]);
const { makeDriver, runHeartbeat } = await import('../index.ts');

const {
  HEARTBEAT_LOG = '',
  HEARTBEAT_DIES = '',
  HEARTBEAT_HANGS = '',
  HEARTBEAT_TAKES = '0',
  HEARTBEAT_DRIVER = '',
} = process.env;
const USAGE = { input: 1, read: 50_000, write: 0, writeHour: 0, output: 1 };

function note(what: string): void {
  appendFileSync(HEARTBEAT_LOG, `${what} ${process.pid}\n`);
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

const driver: Driver = {
  name: 'fixture',
  credential: 'fixture',
  async warm(_, signal) {
    const startedAt = Date.now();
    note('sent');
    if (HEARTBEAT_DIES === 'in-flight') die();
    await delay(HEARTBEAT_HANGS === '' ? Number(HEARTBEAT_TAKES) : 600_000, undefined, { signal }).catch(() => {});
    note(signal.aborted ? 'aborted' : 'answered');
    return {
      kind: 'answered',
      startedAt,
      get usage() {
        return HEARTBEAT_DIES === 'answered' ? die() : USAGE;
      },
    };
  },
};

await runHeartbeat(process.argv.slice(2), {
  env: process.env,
  driver: ({ settings }) => (HEARTBEAT_DRIVER === 'chosen' ? makeDriver(settings.driver, process.env) : driver),
  session: () => ({ look: async () => 'alive', close: () => {} }),
  lastUse: () => (HEARTBEAT_DIES === 'looking' ? die() : undefined),
});
process.exit();
