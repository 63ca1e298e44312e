import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dialect } from './dialect.ts';
import { geminiDialect } from './gemini-dialect.ts';
import { messagesDialect } from './messages-dialect.ts';
import { responsesDialect } from './responses-dialect.ts';
import type { Json, Move, Script, Turn } from './turn.ts';

const DIALECTS: readonly Dialect[] = [messagesDialect, responsesDialect, geminiDialect];

export interface ModelServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** The turns that the script has decided, in order. */
  readonly turns: readonly Turn[];
  /** What it has decided, one for each turn. */
  readonly moves: readonly Move[];
  /** Requests that were no turn of the script's: method and path, or the host that a client wanted to reach. */
  readonly others: readonly string[];
  /** What the script has thrown; the client was answered with an error that it does not try again. */
  readonly faults: readonly unknown[];
  close(): Promise<void>;
}

/**
 * A model on the loopback interface that speaks with every client, and plays one script. It is the clients' proxy as
 * well, one that lets nothing through: whatever else they want to reach is written down and refused.
 */
export async function startModel(script: Script): Promise<ModelServer> {
  const model = new Model(script);
  const server = createServer((request, response) => void model.serve(request, response));
  server.on('connect', ({ url = '' }: IncomingMessage, socket) => {
    model.others.push(`CONNECT ${url}`);
    socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { turns, moves, others, faults } = model;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, turns, moves, others, faults, close: () => closeAtOnce(server) };
}

function closeAtOnce(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

class Model {
  readonly turns: Turn[] = [];
  readonly moves: Move[] = [];
  readonly others: string[] = [];
  readonly faults: unknown[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback');
    const dialect = DIALECTS.find((candidate) => candidate.asksForTurn(pathname));
    const body = await bodyOf(request);
    if (dialect === undefined || body === undefined) {
      this.others.push(`${request.method} ${request.url}`);
      return answerJson(response, 404, {});
    }
    const turn = dialect.read(body);
    const move = this.#decide(turn);
    if (move === undefined) return answerJson(response, 400, { error: { message: 'the script has failed' } });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of dialect.events(move, turn)) {
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
    }
    response.end();
  }

  /** Clients ask for titles and summaries, too: without tools. */
  #decide(turn: Turn): Move | undefined {
    if (turn.tools.length === 0) return { kind: 'say', text: 'loopback' };
    this.turns.push(turn);
    try {
      const move = this.#script(turn);
      this.moves.push(move);
      return move;
    } catch (error) {
      this.faults.push(error);
      return undefined;
    }
  }
}

function answerJson(response: ServerResponse, status: number, answer: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

async function bodyOf(request: IncomingMessage): Promise<Json | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}
