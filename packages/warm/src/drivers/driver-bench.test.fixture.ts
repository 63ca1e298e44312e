import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheServer, conversationBody, startCacheServer, temporaryDirectory } from '@csa/testkit';
import { captureRequest } from './capture.ts';
import type { Driver, WarmContext } from './driver.ts';
import type { DriverChoice } from './driver-choice.ts';
import { makeDriver } from './make-driver.ts';

export const CREDENTIAL = 'test-credential';

/** A conversation with a provider, and a driver that is to keep it warm. */
export interface Bench {
  readonly server: CacheServer;
  readonly driver: Driver;
  readonly context: WarmContext;
}

const SENDER = new URL('./sender.test.fixture.ts', import.meta.url).pathname;
const BODY = conversationBody();
const { stream: _, ...silent } = BODY;

/** Everything that a driver of each name needs, in a directory of its own. `env` is laid over its environment. */
export async function makeBench(name: DriverChoice['name'], env: NodeJS.ProcessEnv = {}): Promise<Bench> {
  const server = await startCacheServer({ credential: CREDENTIAL });
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'request.json'), JSON.stringify({ ...silent, max_tokens: 0 }));
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  for (const agent of ['claude', 'codex']) fakeAgent(bin, agent);
  keepRollout(join(cwd, '.codex/sessions/2026/03/04'));
  const capture = join(cwd, 'capture.jsonl');
  captureRequest(capture, {
    method: 'POST',
    url: `${server.url}/v1/messages`,
    headers: HEADERS,
    body: JSON.stringify(BODY),
  });
  const whole = {
    PATH: `${bin}:/usr/bin:/bin`,
    ANTHROPIC_API_KEY: CREDENTIAL,
    SENDER_URL: server.url,
    SENDER_BEFORE: JSON.stringify(USED_BEFORE),
    CODEX_HOME: join(cwd, '.codex'),
    ...env,
  };
  return { server, driver: makeDriver(choiceOf(name, capture, server.url), whole), context: contextIn(cwd) };
}

/** What the Codex thread has used before, in all its turns. */
const USED_BEFORE = { input_tokens: 2_000_000, cached_input_tokens: 1_900_000, output_tokens: 0 };

function keepRollout(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const payload = { type: 'token_count', info: { total_token_usage: USED_BEFORE } };
  const line = JSON.stringify({ timestamp: '2026-03-04T05:00:00.000Z', type: 'event_msg', payload });
  writeFileSync(join(directory, 'rollout-2026-03-04T05-00-00-conversation-1.jsonl'), `${line}\n`);
}

const HEADERS = { 'x-api-key': CREDENTIAL, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };

function choiceOf(name: DriverChoice['name'], capture: string, baseUrl: string): DriverChoice {
  if (name === 'command') return { name, argv: [process.execPath, SENDER], timeoutMs: 60_000 };
  if (name !== 'anthropic-replay') return { name };
  return { name, capture, baseUrl, credential: { kind: 'environment', variable: 'ANTHROPIC_API_KEY' } };
}

function fakeAgent(bin: string, agent: string): void {
  const script = [
    '#!/bin/sh',
    `printf '%s\\n' "$@" >arguments; env >environment; cat >input`,
    `SENDER_SHAPE=${agent} exec ${process.execPath} ${SENDER}`,
  ];
  writeFileSync(join(bin, agent), script.join('\n'));
  chmodSync(join(bin, agent), 0o755);
}

function contextIn(cwd: string): WarmContext {
  return { caller: 'conversation-1', session: '01M00000000000000000000000', cwd, timeoutMs: 60_000, ttlMs: 300_000 };
}

/** The caller's own request. */
export async function callerAsks(server: CacheServer): Promise<{ read: number; write: number }> {
  const body = JSON.stringify(BODY);
  const response = await fetch(`${server.url}/v1/messages`, { method: 'POST', headers: HEADERS, body });
  await response.text();
  return server.requests.at(-1)?.use ?? { read: 0, write: 0 };
}
