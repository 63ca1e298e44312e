import { type ChildProcess, spawn } from 'node:child_process';
import { builtCsa, type RunResult, testNode, until, type World } from '@csa/testkit';
import { onTestFinished } from 'vitest';

export type RawMessage = Record<string, unknown> & { readonly id?: unknown };

export interface RawWishes {
  readonly world: World;
  readonly env?: NodeJS.ProcessEnv;
  /** Flags of Node. */
  readonly node?: readonly string[];
}

/** The built server, spoken to byte by byte; it ends with the test. */
export class RawServer {
  readonly child: ChildProcess;
  readonly ended: Promise<RunResult>;
  #stdout = '';
  #stderr = '';

  constructor({ world, env, node = [] }: RawWishes) {
    const child = spawn(testNode(), [...node, builtCsa, 'mcp'], { cwd: world.project, env: { ...world.env, ...env } });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // It may end without reading all.
    child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr })),
    );
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** The lines that are JSON. */
  get messages(): RawMessage[] {
    const lines = this.#stdout.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as RawMessage);
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  say(line: object | string | Buffer): void {
    const isObject = typeof line === 'object' && !Buffer.isBuffer(line);
    this.child.stdin?.write(isObject ? JSON.stringify(line) : line);
    this.child.stdin?.write('\n');
  }

  request(id: unknown, method: string, params?: object): void {
    this.say({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
  }

  /** Calls a tool, and says how it was answered. */
  async call(id: string | number, name: string, args: object, meta?: object): Promise<RawMessage> {
    this.request(id, 'tools/call', { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) });
    return this.answer(id);
  }

  answer(id: unknown): Promise<RawMessage> {
    return until(() => this.messages.find((message) => message.id === id), `an answer to ${String(id)}`);
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'raw', version: '1' };
    this.request('init', 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    await this.answer('init');
    this.say({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }
}

/** What a tool's answer holds. */
export function documentOf({ result }: RawMessage): Record<string, unknown> {
  return (result as { structuredContent: Record<string, unknown> }).structuredContent;
}
