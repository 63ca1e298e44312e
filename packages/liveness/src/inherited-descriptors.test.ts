import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { nodeArguments, start } from './processes.test.fixture.ts';

const MODULE = `
  import { closeInheritedDescriptors } from 'SRC/inherited-descriptors.ts';
  import { createServer } from 'node:net';
  const server = createServer((socket) => socket.end('served')).listen(0, '127.0.0.1', async () => {
    closeInheritedDescriptors(process.argv.slice(1).map(Number));
    const { connect } = await import('node:net');
    connect(server.address().port, '127.0.0.1').on('data', (data) => console.log(String(data)));
  });`;

test.each([
  ['lets go of a pipe of its starter', [], 'closed'],
  ['keeps what it is told to keep', [200], 'held'],
] as const)('a process %s, and of nothing of its own', async (_, keep, expected) => {
  const fifo = join(temporaryDirectory(), 'fifo');
  spawnSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  // A descriptor as high as this one is none that libuv marks by itself.
  const words = ['sh', process.execPath, ...nodeArguments(MODULE, keep.map(String))];
  const { line } = start('bash', ['-c', 'exec 200>"$FIFO"; exec "$@"', ...words], {
    env: { ...process.env, FIFO: fifo },
  });
  expect(await line()).toBe('served');
  expect(stateOf(reader)).toBe(expected);
  closeSync(reader);
});

/** read(2) of a pipe: end-of-file when nobody holds it for writing, else EAGAIN. */
function stateOf(reader: number): 'held' | 'closed' {
  try {
    return readSync(reader, Buffer.alloc(1)) === 0 ? 'closed' : 'held';
  } catch {
    return 'held';
  }
}
