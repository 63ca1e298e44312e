// Puts the MCP server together; `csa mcp` runs it in its own process.
import { readFileSync } from 'node:fs';
import { serve } from '@csa/mcp';
import { ownHints, SUPERVISOR_SCRIPT } from '../dist/program.js';

const LIMIT_MS = 2_000;

/** Serves until the client leaves or a signal comes; gives which. `onError`: told of what went wrong beside the answers. */
export async function serveTools(onError) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { env } = process;
  const ending = await serve({ version, env, hints: ownHints(env), supervisorScript: SUPERVISOR_SCRIPT, onError });
  // A call may be stuck in a file system that hangs. Not an exit: exit(3) joins its thread.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIMIT_MS).unref();
  return ending;
}
