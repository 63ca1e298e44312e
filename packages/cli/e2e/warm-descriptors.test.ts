import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, testNode, until } from '@csa/testkit';
import { expect, it } from 'vitest';

const HEARTBEAT = join(import.meta.dirname, '../bin/csa-warm.js');

/** Files that a process has open. */
function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return 'closed';
    }
  });
}

it.runIf(process.platform === 'linux')(
  'a heartbeat lets go of what it inherited, and not of the certificates that node reads beside it',
  async () => {
    const directory = temporaryDirectory();
    const [certificates, inherited] = [join(directory, 'certificates'), join(directory, 'inherited')];
    spawnSync('mkfifo', [certificates, inherited]);
    // Held open here, they never come to an end there.
    const held = [certificates, inherited].map((path) => openSync(path, constants.O_RDWR));
    const words = [testNode(), HEARTBEAT, directory, 'other', 'me', '01M0F77JH0BVPHYFAVF40A3GZ5'];
    const child = spawn('bash', ['-c', 'exec 200<>"$0"; exec "$@"', inherited, ...words], {
      env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: certificates },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const { pid = 0 } = child;
    const answer = new Promise((resolve) => child.stdio[3]?.once('data', (data) => resolve(String(data))));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      expect(await answer).toBe('{"kind":"idle"}');
      await until(() => openFiles(pid).includes(certificates), 'the certificates to be read');
      expect(openFiles(pid)).not.toContain(inherited);
    } finally {
      child.kill('SIGKILL');
      await ended;
      held.map(closeSync);
    }
  },
);
