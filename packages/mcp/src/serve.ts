import { setTimeout as delay } from 'node:timers/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { Host, type Surroundings } from './host.ts';
import { createServer } from './server.ts';
import { ownStdout } from './stdio/own-stdout.ts';
import { type Departure, StdioTransport } from './stdio/stdio-transport.ts';
import { allTools } from './tools/all-tools.ts';

/** What ended a server: its client, or a signal. */
export type Ending = Departure | EndingSignal;

export type EndingSignal = (typeof SIGNALS)[number];

export interface ServeOptions extends Surroundings {
  readonly version: string;
  /** Told of what went wrong beside the answers. */
  readonly onError?: (error: unknown) => void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Calls that end at once are answered though the client has ended its input; nobody waits longer for the others. */
const LAST_ANSWERS_MS = 1_000;

/**
 * Serves the tools on this process's standard input and output until the client leaves or a signal comes. What was
 * started goes on; waits end with it.
 */
export async function serve(options: ServeOptions): Promise<Ending> {
  const { version, hints, onError = () => {} } = options;
  const transport = new StdioTransport({
    input: process.stdin,
    output: ownStdout(process.stdout, process.stderr),
  });
  const stop = new AbortController();
  const tools = allTools(new Host(options));
  const connection = {
    version,
    hints,
    ending: stop.signal,
    afterAnswer: transport.calls.afterAnswer.bind(transport.calls),
    onError,
  };
  const server = serveStdio(() => createServer(tools, connection), { transport, onerror: onError });
  const signals = listenForSignals();
  const ending = await Promise.race([transport.departed, signals.came]);
  stop.abort();
  await withinLimit(transport.calls.idle());
  await server.close();
  signals.close();
  return ending;
}

function listenForSignals(): { readonly came: Promise<EndingSignal>; close(): void } {
  const { promise, resolve } = Promise.withResolvers<EndingSignal>();
  for (const signal of SIGNALS) process.once(signal, resolve);
  return {
    came: promise,
    close: () => {
      for (const signal of SIGNALS) process.off(signal, resolve);
    },
  };
}

async function withinLimit(idle: Promise<void>): Promise<void> {
  const limit = new AbortController();
  const over = delay(LAST_ANSWERS_MS, undefined, { signal: limit.signal }).catch(() => {});
  await Promise.race([idle, over]);
  limit.abort();
}
