import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { conversationBody, PROMPT_SECRET, temporaryWorld, until, type World } from '@csa/testkit';
import { captureRequest } from '@csa/warm';
import { beforeEach, describe, expect, it } from 'vitest';
import { attribute } from './answer.ts';
import { warm, warmJson } from './heartbeat.ts';
import { allText, type Conversation, CREDENTIAL, conversation } from './held-cache.ts';
import { startGated } from './job.ts';

let world: World;
let held: Conversation;
beforeEach(async () => {
  world = temporaryWorld();
  held = await conversation(world, ['driver = "anthropic-replay"']);
  await startGated(world);
});

it('a heartbeat reads the prefix of the last request again and again, as the config says', async () => {
  const started = await warmJson(world, ['on'], held.env);
  expect(started).toMatchObject({ driver: 'anthropic-replay', interval_ms: 1_000, plan: { predicted_cold: false } });
  // The captured request tells when the cache was last used.
  expect(started.plan.age_ms).toEqual(expect.any(Number));
  await until(() => held.beats().length >= 2, 'two requests');
  expect(held.beats().every(({ use }) => use !== undefined && use.read > 1_024 && use.write === 0)).toBe(true);
  const off = await warm(world, ['off', '--json'], held.env);
  const shown = await warm(world, ['status', '--json'], held.env);
  expect(JSON.parse(shown.stdout).conversations).toMatchObject([{ state: 'off', cache: { evidence: 'read' } }]);
  const written = [allText(world.stateRoot), off.stdout, off.stderr, shown.stdout].join('\n');
  for (const secret of [CREDENTIAL, PROMPT_SECRET]) expect(written).not.toContain(secret);
});

describe('refused before anything runs is', () => {
  const capture = (): string => join(world.home, 'capture.jsonl');
  const thinkingAloud = (): void => {
    const body = JSON.stringify({ ...conversationBody(), thinking: { type: 'enabled', budget_tokens: 1_024 } });
    captureRequest(capture(), { method: 'POST', url: `${held.server.url}/v1/messages`, headers: {}, body });
  };

  it.each<[string, () => void, NodeJS.ProcessEnv, string]>([
    ['a capture that is not there', () => rmSync(capture()), {}, 'not_replayable'],
    ['a capture that others may read', () => chmodSync(capture(), 0o644), {}, 'not_replayable'],
    ['a request that no provider takes with max_tokens 0', thinkingAloud, {}, 'not_replayable'],
    ['a shell without the credential', () => {}, { ANTHROPIC_API_KEY: undefined }, 'driver_unavailable'],
  ])('%s', async (_title, spoil, env, reason) => {
    spoil();
    const { code, stdout, stderr } = await warm(world, ['on'], { ...held.env, ...env });
    expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', reason]);
    expect(held.beats()).toEqual([]);
  });
});
