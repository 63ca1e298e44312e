import { readSync } from 'node:fs';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * One message as it is handed over a pipe that stays open for the answer: a line. To end the pipe's one direction
 * instead takes shutdown(2), which some sandboxes deny, and then nobody would ever see the end.
 */
export function handedOver(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** Waits for the one line that is handed over, and for nothing behind it. @throws Error where it was cut off */
export function readHandedOver(fd: number): string {
  const blocks: Buffer[] = [];
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const bytes = readSync(fd, block);
    if (bytes === 0) throw new Error('it was cut off');
    blocks.push(block.subarray(0, bytes));
    if (block[bytes - 1] === NEWLINE) return Buffer.concat(blocks).toString('utf8');
  }
}
