import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CacheServer, conversationBody, type ReceivedRequest, startCacheServer, type World } from '@csa/testkit';
import { captureRequest } from '@csa/warm';

export const CREDENTIAL = 'sk-ant-nobody-must-see-this';
export const CONVERSATION = '0c2f6f7e-8d0f-4b66-9f61-3f1a1f6f8f11';

/** A conversation whose last request a provider has just answered, and whose config says how to repeat it. */
export interface Conversation {
  readonly server: CacheServer;
  /** Of its agent's shell. */
  readonly env: NodeJS.ProcessEnv;
  /** What was sent to keep it warm. */
  beats(): readonly ReceivedRequest[];
}

/** @param settings further lines of the config's [warm] */
export async function conversation(world: World, settings: readonly string[] = []): Promise<Conversation> {
  const server = await startCacheServer({ credential: CREDENTIAL });
  const headers = { 'x-api-key': CREDENTIAL, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(conversationBody()) };
  const capture = join(world.home, 'capture.jsonl');
  captureRequest(capture, { ...request, url: `${server.url}/v1/messages` });
  await (await fetch(`${server.url}/v1/messages`, request)).text();
  writeWarmConfig(world, [
    `capture = ${JSON.stringify(capture)}`,
    `base_url = "${server.url}"`,
    'interval_seconds = 1',
    'threshold_usd = 0',
    ...settings,
  ]);
  return {
    server,
    env: { CLAUDE_CODE_SESSION_ID: CONVERSATION, ANTHROPIC_API_KEY: CREDENTIAL },
    beats: () => server.requests.slice(1),
  };
}

export function writeWarmConfig(world: World, lines: readonly string[]): void {
  const path = join(world.home, '.config/cli-sub-agent/config.toml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `[warm]\n${lines.join('\n')}\n`);
}

/** All that is written below a directory, as one text. */
export function allText(directory: string): string {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}
