import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmptyFolder, emptyFolder, runIn } from './empty-folder.ts';

let folder: EmptyFolder;

beforeAll(async () => {
  folder = await emptyFolder();
  const { code, stderr } = await runIn(folder, ['npm', 'install', '@csa/cli']);
  expect(code, stderr).toBe(0);
});
afterAll(() => folder.remove());

const HELLO = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1.0.0' },
};

/** What is read of an answer. */
interface Answer {
  readonly id: number;
  readonly result: { readonly tools: ReadonlyArray<{ readonly name: string }> };
}

it('csa mcp that was installed into an empty folder lists its tools, and ends with its input', async () => {
  const server = spawn('npx', ['csa', 'mcp'], { cwd: folder.world.project, env: folder.world.env });
  const ended = new Promise<number | null>((resolve) => void server.once('close', resolve));
  const answers = createInterface(server.stdout)[Symbol.asyncIterator]();
  tell(server, { id: 1, method: 'initialize', params: HELLO });
  expect(await next(answers)).toMatchObject({ id: 1, result: { serverInfo: {} } });
  tell(server, { method: 'notifications/initialized' });
  tell(server, { id: 2, method: 'tools/list' });
  const { id, result } = await next(answers);
  expect(id).toBe(2);
  expect(result.tools.map(({ name }) => name)).toContain('session_wait');
  server.stdin.end();
  expect(await ended).toBe(0);
});

function tell(server: ChildProcessWithoutNullStreams, message: object): void {
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function next(answers: AsyncIterator<string>): Promise<Answer> {
  const { value } = await answers.next();
  return JSON.parse(String(value)) as Answer;
}
