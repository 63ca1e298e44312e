import type { IncomingMessage, request as requestOverHttp } from 'node:http';
import { errnoOf } from '@csa/session';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type PostEnd =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: AnswerHeaders; readonly body: string }
  /** `sent`: the provider may have worked on it. */
  | { readonly kind: 'failed'; readonly code: string; readonly sent: boolean }
  | { readonly kind: 'too-large' }
  /** No request can be made of such headers. */
  | { readonly kind: 'unsendable' };

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends one request on a connection of its own and reads the whole answer; follows no redirect. Never throws; ends at
 * once when `signal` is aborted.
 */
export async function post(letter: Post, signal: AbortSignal): Promise<PostEnd> {
  return sendBy(await requesterFor(letter.url), letter, signal);
}

/**
 * Loaded late: with the first look at node:https Node reads certificates (NODE_EXTRA_CA_CERTS) in a thread of its own,
 * through a descriptor that looks as if it were inherited, and that a process which closes those must not take away.
 */
async function requesterFor({ protocol }: URL): Promise<typeof requestOverHttp> {
  const { request } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  return request;
}

function sendBy(
  requester: typeof requestOverHttp,
  { url, headers, body }: Post,
  signal: AbortSignal,
): Promise<PostEnd> {
  const { promise, resolve } = Promise.withResolvers<PostEnd>();
  let sent = false;
  const fail = (error: Error) => resolve({ kind: 'failed', code: codeOf(error), sent });
  try {
    const options = { method: 'POST', agent: false, signal, headers: { ...headers, 'content-length': body.length } };
    const request = requester(url, options);
    const opened = url.protocol === 'https:' ? 'secureConnect' : 'connect';
    request.on('socket', (socket) => socket.once(opened, () => (sent = true)));
    request.on('error', fail);
    request.on('response', (response) => void readAnswer(response).then(resolve, fail));
    request.end(body);
  } catch {
    resolve({ kind: 'unsendable' });
  }
  return promise;
}

async function readAnswer(response: IncomingMessage): Promise<PostEnd> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    // To leave the loop is to destroy the response, and its connection.
    if (bytes > MAX_ANSWER_BYTES) return { kind: 'too-large' };
  }
  const { statusCode: status = 0, headers } = response;
  return { kind: 'answered', status, headers, body: Buffer.concat(chunks).toString('utf8') };
}

/** A name, never a message: that may tell of anything. */
function codeOf(error: Error): string {
  const code = errnoOf(error) ?? ('code' in error ? error.code : undefined);
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'unknown error';
}
