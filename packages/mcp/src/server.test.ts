import { Hints } from '@csa/calls';
import { until } from '@csa/testkit';
import { type CallToolResult, InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { createServer } from './server.ts';
import { defineTool, READS, type Tool } from './tool.ts';

function tool(name: string, run: () => Promise<never>): Tool {
  return defineTool({ name, description: `${name}.`, annotations: READS, parameters: {}, run });
}

/** Calls a tool of a server that has only this one. */
async function resultOf(made: Tool): Promise<CallToolResult> {
  const [client, transport] = InMemoryTransport.createLinkedPair();
  const came: JSONRPCMessage[] = [];
  client.onmessage = (message) => came.push(message);
  const connection = {
    version: '1.0.0',
    hints: new Hints(['csa']),
    ending: new AbortController().signal,
    afterAnswer: () => {},
    onError: () => {},
  };
  await createServer([made], connection).connect(transport);
  await client.start();
  await client.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: made.name, arguments: {} } });
  await until(() => came.length > 0, 'an answer');
  return (came[0] as unknown as { result: CallToolResult }).result;
}

it.each<[string, () => Promise<never>]>([
  [
    'throws',
    () => {
      throw new TypeError('undefined is not a function');
    },
  ],
  ['rejects', () => Promise.reject(new Error('EIO'))],
  ['rejects with nothing', () => Promise.reject(undefined)],
])('a tool that %s is an error of that call, which says that no session was touched', async (_, run) => {
  const { isError, content, structuredContent } = await resultOf(tool('broken', run));
  expect(isError).toBe(true);
  expect(structuredContent).toMatchObject({ reason: 'internal-error', exit: 125 });
  expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  expect(JSON.stringify(structuredContent)).toContain('the session is not touched');
});
