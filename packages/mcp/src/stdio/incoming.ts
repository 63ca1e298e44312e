import {
  INVALID_REQUEST,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  PARSE_ERROR,
} from '@modelcontextprotocol/server';
import type { Line } from './line-cutter.ts';

/** What one line of the client's is: a message, nothing to be answered, or what is to be answered at once. */
export type Incoming =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly answer: JSONRPCErrorResponse };

const MIB = 1_048_576;

/** Reads one line by JSON-RPC 2.0 as MCP has it: one object each, no batches, an id that is a text or a number. */
export function readIncoming(line: Line): Incoming {
  if (line.kind === 'too-long') {
    return refused(INVALID_REQUEST, `a message is longer than ${line.maxBytes / MIB} MiB`);
  }
  const text = decoded(line.bytes);
  if (text === undefined) return refused(PARSE_ERROR, 'a message is not UTF-8');
  if (text.trim() === '') return { kind: 'ignored' };
  const parsed = parse(text);
  if (parsed === undefined) return refused(PARSE_ERROR, 'a line is not JSON: one JSON-RPC message each is expected');
  return readMessage(parsed.value);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON, or nested so deeply that nothing can read it.
    return undefined;
  }
}

function readMessage(value: unknown): Incoming {
  if (Array.isArray(value)) return refused(INVALID_REQUEST, 'batches are not supported: send one message a line');
  if (isMessage(value)) return { kind: 'message', message: value };
  const { id, method, result, error } = Object(value);
  // A response or a notification is never answered, however malformed it is.
  const isForNobody = result !== undefined || error !== undefined || (typeof method === 'string' && id === undefined);
  return isForNobody ? { kind: 'ignored' } : refused(INVALID_REQUEST, 'no JSON-RPC 2.0 request', readId(id));
}

function isMessage(value: unknown): value is JSONRPCMessage {
  return (
    isJSONRPCRequest(value) ||
    isJSONRPCNotification(value) ||
    isJSONRPCResultResponse(value) ||
    isJSONRPCErrorResponse(value)
  );
}

function readId(id: unknown): string | number | undefined {
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as string | number) : undefined;
}

/** `id` is left out where none could be read. */
export function refused(code: number, message: string, id?: string | number): Incoming & { readonly kind: 'refused' } {
  const answer = { jsonrpc: '2.0' as const, error: { code, message } };
  return { kind: 'refused', answer: id === undefined ? answer : { ...answer, id } };
}
