import { INTERRUPTED_EXITS, type Interruption } from '@csa/calls';
import { cleanLine } from '@csa/markers';
import type { Report } from '../report.ts';

/** The one module that knows the server's package beside this one. */
const SERVER = new URL('../../bin/csa-mcp.js', import.meta.url).href;

interface Server {
  serveTools(onError: (error: unknown) => void): Promise<Departure | Exclude<Interruption, 'parent-gone'>>;
}

type Departure = 'input-ended' | 'output-closed';

const FOR_PROGRAMS =
  'csa mcp speaks JSON-RPC on standard input, for the program of an agent. "csa mcp --help" says how to set it up; Ctrl-D ends it.';

/** Serves until the client leaves, which is as it should be, or a signal comes. Standard output is the protocol's. */
export async function runServer(verbose: boolean): Promise<Report> {
  if (process.stdin.isTTY) process.stderr.write(`${FOR_PROGRAMS}\n`);
  const { serveTools }: Server = await import(SERVER);
  const ending = await serveTools((error) => {
    if (verbose) process.stderr.write(`csa: ${cleanLine(error instanceof Error ? error.message : String(error))}\n`);
  });
  const exitCode = ending === 'input-ended' || ending === 'output-closed' ? 0 : INTERRUPTED_EXITS[ending];
  return { exitCode, stdout: [], stderr: [] };
}
