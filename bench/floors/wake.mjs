// The least that a Node program can do to be woken by a result or by its writer's death, and then leave.
import { constants, existsSync, openSync, readSync, watch } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

const directory = process.argv[2];
const fd = openSync(join(directory, 'lifeline'), constants.O_RDONLY | constants.O_NONBLOCK);
try {
  readSync(fd, Buffer.alloc(1));
} catch {
  // EAGAIN: it is held.
}
const socket = new Socket({ fd, readable: true, writable: false });
const watcher = watch(directory, () => {
  if (existsSync(join(directory, 'result.toml'))) leave();
});

function leave() {
  watcher.close();
  socket.destroy();
}
socket.on('end', leave);
socket.resume();
