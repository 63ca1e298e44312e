import {
  INVALID_REQUEST,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';
import { type Incoming, refused } from './incoming.ts';

/** More at once than any client has; each holds memory until it is answered. */
const MOST_CALLS = 1_000;

/** Which requests have come and have not been answered, and what is to be done once they are. */
export class CallsInFlight {
  readonly #calls = new Map<RequestId, (() => void)[]>();
  readonly #onIdle: (() => void)[] = [];

  /** A message that has come: to be delivered, or what to answer instead. */
  enter(message: JSONRPCMessage): Incoming {
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#leave(Object(message.params).requestId as RequestId);
    }
    if (!isJSONRPCRequest(message)) return { kind: 'message', message };
    const { id } = message;
    // Two with one id could neither be cancelled nor answered apart.
    if (this.#calls.has(id)) return refused(INVALID_REQUEST, 'a request with this id has not been answered yet', id);
    if (this.#calls.size >= MOST_CALLS) {
      return refused(INVALID_REQUEST, `more than ${MOST_CALLS} requests at once`, id);
    }
    this.#calls.set(id, []);
    return { kind: 'message', message };
  }

  /** Calls `then` once the request has been answered; never for one that was cancelled. */
  afterAnswer(id: RequestId, then: () => void): void {
    this.#calls.get(id)?.push(then);
  }

  /** A message that has been written. */
  leave(message: JSONRPCMessage): void {
    const isAnswer = isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
    if (!isAnswer || message.id === undefined) return;
    const then = this.#calls.get(message.id) ?? [];
    this.#leave(message.id);
    for (const act of then) act();
  }

  /** Resolves when every request has been answered or cancelled. */
  idle(): Promise<void> {
    return this.#calls.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #leave(id: RequestId): void {
    this.#calls.delete(id);
    if (this.#calls.size === 0) for (const tell of this.#onIdle.splice(0)) tell();
  }
}
