import type { Hints } from '@csa/calls';
import {
  type CallToolResult,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { toolResult } from './answer.ts';
import { failureOf } from './failure.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { type Progress, progressBy, UNTOLD } from './progress.ts';
import type { Tool } from './tool.ts';

/** What stands around the calls of one connection. */
export interface Connection {
  readonly version: string;
  /** Commands of this program, for whoever has a shell. */
  readonly hints: Hints;
  /** Aborted when the server is to end. */
  readonly ending: AbortSignal;
  /** Calls `then` once the request has been answered. */
  readonly afterAnswer: (request: string | number, then: () => void) => void;
  /** Told of what went wrong in this program itself. */
  readonly onError: (error: unknown) => void;
}

/** The tools never change while a client is there. */
const HOUR_MS = 3_600_000;

/** An MCP server that has these tools and nothing else. */
export function createServer(tools: readonly Tool[], connection: Connection): McpServer {
  const server = new McpServer(
    { name: 'csa', version: connection.version },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: { listChanged: false } },
      cacheHints: { 'tools/list': { ttlMs: HOUR_MS, cacheScope: 'private' } },
    },
  );
  for (const tool of tools) {
    const { name, description, annotations } = tool;
    server.registerTool(name, { description, annotations, inputSchema: advertised(tool) }, (given, context) =>
      answer(tool, given, { context, connection }),
    );
  }
  return server;
}

/** Told to clients as it is; what comes is checked by the tool itself, which says what it expected instead. */
function advertised({ inputSchema }: Tool): StandardSchemaWithJSON {
  const schema = { ...inputSchema };
  return {
    '~standard': {
      version: 1,
      vendor: 'csa',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
}

/** Never rejects: whatever goes wrong in one call is that call's answer. */
async function answer(
  tool: Tool,
  given: unknown,
  { context, connection }: { readonly context: ServerContext; readonly connection: Connection },
): Promise<CallToolResult> {
  const { id, signal } = context.mcpReq;
  try {
    const both = AbortSignal.any([signal, connection.ending]);
    const said = await tool.call(given, { signal: both, progress: progressOf(context) });
    if (said.onShown !== undefined) connection.afterAnswer(id, said.onShown);
    return toolResult(said);
  } catch (error) {
    connection.onError(error);
    const document = tool.failed(failureOf(error, given, connection.hints));
    return toolResult({ kind: 'document', document, isError: true });
  }
}

function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return UNTOLD;
  return progressBy((progress) => {
    if (mcpReq.signal.aborted) return;
    const params = { progressToken, ...progress };
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  });
}
