import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { answerBody, errorTypeOf, refusalBody } from './cache-answer.ts';
import { InvalidRequest, type MessagesRequest, readMessagesRequest } from './messages-request.ts';
import { type CacheUse, minPrefixOf, PrefixCache } from './prefix-cache.ts';
import { TestClock } from './test-clock.ts';

/** What is to go wrong with one request. */
export type CacheFault =
  /** Answered with a status and the provider's kind of error, whose message shows all that it must not. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly type?: string;
    }
  /** The connection is dropped: before the request has done anything, or when all but the answer is done. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Nothing is answered, or only the beginning. */
  | { readonly kind: 'hang' | 'stall' }
  /** Answered later, as a long request is: whoever holds the promise lets the clock run in between. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> }
  /** The cache has lost everything before its time. */
  | { readonly kind: 'evict' }
  /** A body that is no JSON, or one of so many bytes. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'huge'; readonly bytes: number };

export interface ReceivedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** On the server's clock. */
  readonly startedAt: number;
  /** Absent: it has read and written nothing. */
  use?: CacheUse;
}

export interface CacheServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly clock: TestClock;
  /** All that came, refused ones too, in the order in which they began. */
  readonly requests: readonly ReceivedRequest[];
  /** One for each of the next requests. */
  failNext(...faults: CacheFault[]): void;
}

export interface CacheServerOptions {
  readonly clock?: TestClock;
  /** Accepted as `x-api-key` and as a bearer token; `test-credential` unless given. */
  readonly credential?: string;
}

/**
 * A provider on the loopback interface: `/v1/messages` with the rules of an exact-prefix cache, on a clock of the test's.
 * It does not stream. Closed when the running test is over.
 */
export async function startCacheServer(options: CacheServerOptions = {}): Promise<CacheServer> {
  const provider = new Provider(options.clock ?? new TestClock(), options.credential ?? 'test-credential');
  const server = createServer((request, response) => void provider.serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => closeAtOnce(server));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: provider.clock,
    requests: provider.requests,
    failNext: (...faults) => void provider.faults.push(...faults),
  };
}

function closeAtOnce(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Refused {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly message?: string;
}

class Provider {
  readonly clock: TestClock;
  readonly requests: ReceivedRequest[] = [];
  readonly faults: CacheFault[] = [];
  readonly #credential: string;
  readonly #cache = new PrefixCache();

  constructor(clock: TestClock, credential: string) {
    this.clock = clock;
    this.#credential = credential;
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = this.clock.now();
    const body = await bodyOf(message).catch(() => undefined);
    if (body === undefined) return;
    const { method = '', url: path = '', headers } = message;
    const request: ReceivedRequest = { method, path, headers, body, startedAt };
    this.requests.push(request);
    await this.#answer(request, response, this.faults.shift());
  }

  async #answer(request: ReceivedRequest, response: ServerResponse, fault?: CacheFault): Promise<void> {
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop' && fault.when === 'before') return void response.destroy();
    if (fault?.kind === 'status') return this.#refuse(request, response, fault);
    if (fault?.kind === 'evict') this.#cache.evict();
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) return this.#refuse(request, response, refusal);
    try {
      const messages = readMessagesRequest(request.body.toString('utf8'));
      const answer = await this.#work(request, messages, fault?.kind === 'delay' ? fault.until : undefined);
      send(response, answer, fault);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      this.#refuse(request, response, { status: 400, type: 'invalid_request_error', message: error.message });
    }
  }

  async #work(request: ReceivedRequest, messages: MessagesRequest, until?: Promise<unknown>): Promise<string> {
    const minTokens = minPrefixOf(messages.model);
    const prompt = { scope: messages.model, blocks: messages.blocks, minTokens };
    const { use, keep } = this.#cache.look(prompt, request.startedAt);
    await until;
    keep();
    request.use = use;
    return answerBody(messages, use);
  }

  #refusalOf({ method, path, headers }: ReceivedRequest): Refused | undefined {
    const isKnown = headers['x-api-key'] === this.#credential || headers.authorization === `Bearer ${this.#credential}`;
    if (!isKnown) return { status: 401, type: 'authentication_error' };
    const { pathname } = new URL(path, 'http://loopback');
    if (method !== 'POST' || !pathname.endsWith('/v1/messages')) return { status: 404, type: 'not_found_error' };
    if (headers['anthropic-version'] === undefined) return { status: 400, type: 'invalid_request_error' };
    return undefined;
  }

  /** Its words show the prompt and the credential, as no answer of a driver's may. */
  #refuse(request: ReceivedRequest, response: ServerResponse, { status, headers, type, message }: Refused): void {
    const shown = `${message ?? 'refused'}: ${JSON.stringify(request.headers)} ${request.body.toString('utf8')}`;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(refusalBody(type ?? errorTypeOf(status), shown));
  }
}

function send(response: ServerResponse, answer: string, fault?: CacheFault): void {
  if (fault?.kind === 'drop') return void response.destroy();
  response.writeHead(200, { 'content-type': 'application/json' });
  if (fault?.kind === 'stall') return void response.write(answer.slice(0, answer.length / 2));
  if (fault?.kind === 'garbage') return void response.end('<html>not what you expected</html>');
  if (fault?.kind === 'huge') return void response.end(Buffer.alloc(fault.bytes, ' '));
  response.end(answer);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
