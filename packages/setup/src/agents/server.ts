import type { Program } from './program.ts';

/** Milliseconds that a call of a tool may take: more than the longest wait of the server. */
export const CALL_MS = 7_200_000;
/** The command of the server, and its arguments. */
export function serverWords({ words }: Program): { readonly command: string; readonly args: string[] } {
  const [command = '', ...rest] = words;
  return { command, args: [...rest, 'mcp'] };
}
