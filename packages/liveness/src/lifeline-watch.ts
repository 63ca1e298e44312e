import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type LifelineRecord, openLifeline, readOnce } from './lifeline-look.ts';

/**
 * Call `onEnd` once, as soon as the holder of a lifeline is gone; never before this function has returned. When the
 * descriptor fails it is called too: look again then. Holds one descriptor and keeps the event loop alive until
 * `close()`, or until `onEnd` was called. After `close()` it is not called.
 *
 * @returns undefined when it cannot be watched: absent, not the recorded one, or an error; lookAtLifeline says which
 */
export function watchLifeline(path: string, record: LifelineRecord, onEnd: () => void): { close(): void } | undefined {
  const fd = openLifeline(path, record);
  if (typeof fd !== 'number') return undefined;
  // A poll on a FIFO that had no writer when it was opened never fires: read first.
  const look = readOnce(fd);
  if (look === 'alive') return listen(fd, onEnd);
  closeSync(fd);
  if (look === 'error') return undefined;
  const soon = setImmediate(onEnd);
  return { close: () => clearImmediate(soon) };
}

function listen(fd: number, onEnd: () => void): { close(): void } {
  let over = false;
  const socket = openSocket(fd);
  const end = (): void => {
    socket.destroy();
    if (over) return;
    over = true;
    onEnd();
  };
  for (const event of ['end', 'error', 'close']) socket.on(event, end);
  // Somebody may write into it; that must not fill up and hide the end.
  socket.resume();
  return {
    close: () => {
      over = true;
      socket.destroy();
    },
  };
}

function openSocket(fd: number): Socket {
  // Loaded only here: one look needs no sockets.
  const { Socket } = process.getBuiltinModule('node:net');
  try {
    return new Socket({ fd, readable: true, writable: false });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
