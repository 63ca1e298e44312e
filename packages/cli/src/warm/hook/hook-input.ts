import type { Readable } from 'node:stream';

/** More than any name in front of a tool's answer takes. */
export const MAX_INPUT_BYTES: number = 1024 * 1024;
/** Claude Code writes at once and closes; whoever else holds the pipe open is not waited for. */
const PATIENCE_MS = 1_000;

/** What is said to whoever runs the hook on a terminal. */
export const BY_HAND =
  'csa: Claude Code runs this with an event on standard input. See what it needs for that: csa session warm hook --print-settings';

/** What was read of standard input, and whether there was more. */
export interface HookInput {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * The beginning of what stands on standard input, within bounds of size and time; never rejects. What is beyond the
 * bound is read and dropped: whoever writes it must not be hit by SIGPIPE.
 */
export function readHookInput(stream: Readable, patienceMs: number = PATIENCE_MS): Promise<HookInput> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve({ text: Buffer.concat(chunks).toString('utf8', 0, MAX_INPUT_BYTES), isCut: size > MAX_INPUT_BYTES });
    };
    const timer = setTimeout(end, patienceMs);
    stream.on('data', (chunk: Buffer) => {
      if (size < MAX_INPUT_BYTES) chunks.push(chunk);
      size += chunk.length;
    });
    stream.once('end', end);
    stream.on('error', end);
  });
}
