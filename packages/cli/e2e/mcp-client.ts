import { builtCsa, testNode, type World } from '@csa/testkit';
import { Client, type ClientOptions, type RequestOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished } from 'vitest';

export interface ClientWishes {
  readonly world: World;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly options?: ClientOptions;
}

/** What a tool answered. */
export interface ToolAnswer {
  readonly isError: boolean;
  /** The text that a model reads. */
  readonly text: string;
  /** The same as an object, where it is one. */
  readonly document: Record<string, unknown>;
}

/** The official client with the built server; both end with the test. */
export class McpClient {
  readonly client: Client;
  readonly transport: StdioClientTransport;

  private constructor({ world, cwd, env, options }: ClientWishes) {
    this.client = new Client({ name: 'test', version: '1.0.0' }, options);
    this.transport = new StdioClientTransport({
      command: testNode(),
      args: [builtCsa, 'mcp', '--verbose'],
      cwd: cwd ?? world.project,
      env: defined({ ...world.env, ...env }),
      stderr: 'pipe',
    });
  }

  static async connect(wishes: ClientWishes): Promise<McpClient> {
    const connected = new McpClient(wishes);
    onTestFinished(() => connected.client.close());
    await connected.client.connect(connected.transport);
    return connected;
  }

  get pid(): number {
    if (this.transport.pid === null) throw new Error('the server does not run');
    return this.transport.pid;
  }

  /** Calls a tool; its text and its structured content must say the same. */
  async call(name: string, args: Record<string, unknown> = {}, options?: RequestOptions): Promise<ToolAnswer> {
    const result = await this.client.callTool({ name, arguments: args }, options);
    const [content, ...more] = result.content;
    expect(more).toEqual([]);
    const text = content?.type === 'text' ? content.text : '';
    expect(text).not.toContain('<!-- CSA:');
    const document = result.structuredContent as Record<string, unknown> | undefined;
    if (document !== undefined) expect(JSON.parse(text)).toEqual(document);
    return { isError: result.isError === true, text, document: document ?? {} };
  }

  /** Starts a shell line; gives its id. */
  async start(shell: string, more: Record<string, unknown> = {}): Promise<string> {
    const { isError, document, text } = await this.call('session_start', { shell, ...more });
    expect(isError, text).toBe(false);
    return String(document['session']);
  }
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
