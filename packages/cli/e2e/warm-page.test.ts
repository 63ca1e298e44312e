import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  type CacheServer,
  conversationBody,
  type RunResult,
  startCacheServer,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { openWarmStore } from '@csa/warm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute } from './answer.ts';
import { blocksOf, docPage } from './doc-page.ts';
import { CONVERSATION, CREDENTIAL, writeWarmConfig } from './held-cache.ts';
import { openGate } from './job.ts';
import { shell } from './program.ts';

const PAGE = docPage('docs/warm.md');
const PATIENCE_MS = 30_000;
const SOON = ['interval_seconds = 1', 'threshold_usd = 0'];

const SHELLS = blocksOf(PAGE, 'sh');
const [WARM_REQUEST = '', CAPTURING = ''] = blocksOf(PAGE, 'js');
const [CONFIG = ''] = blocksOf(PAGE, 'toml');
const [SETTINGS = ''] = blocksOf(PAGE, 'json');

/** Stands for an agent: leaves its words, and prints what it has read. */
const FORK = `#!/bin/sh
for word; do printf '%s\\n' "$word"; done >"$HOME/\${0##*/}.words"
printf '%s\\n' '{"usage":{"input_tokens":3,"cache_read_input_tokens":9000,"cache_creation_input_tokens":0,"output_tokens":1}}'
`;

interface Stage {
  readonly world: World;
  readonly server: CacheServer;
  readonly env: NodeJS.ProcessEnv;
}

/** A shell of Claude Code's in a project whose npm test goes on until its gate is open, with a provider that answers. */
async function stage(): Promise<Stage> {
  const world = temporaryWorld();
  const server = await startCacheServer({ credential: CREDENTIAL });
  const bin = join(world.home, 'bin');
  mkdirSync(bin);
  const install = (name: string, text: string): void => {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  };
  install('csa', `#!/bin/sh\nexec "${testNode()}" "${builtCsa}" "$@"\n`);
  install('node', `#!/bin/sh\nexec "${testNode()}" "$@"\n`);
  install('npm', '#!/bin/sh\nuntil [ -e go ]; do sleep 0.05; done; exit 3\n');
  for (const agent of ['claude', 'codex']) install(agent, FORK);
  keepRollout(join(world.home, '.codex/sessions/2026/03/04'));
  writeWarmConfig(world, SOON);
  onTestFinished(() => endHeartbeats(world));
  const env = {
    PATH: `${bin}${delimiter}${world.env['PATH']}`,
    CLAUDE_CODE_SESSION_ID: CONVERSATION,
    ANTHROPIC_API_KEY: CREDENTIAL,
    ANTHROPIC_BASE_URL: server.url,
  };
  return { world, server, env };
}

/** A thread of Codex's that has used nothing yet: its fork counts on from there. */
function keepRollout(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const info = { total_token_usage: { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0 } };
  const line = JSON.stringify({ type: 'event_msg', payload: { type: 'token_count', info } });
  writeFileSync(join(directory, `rollout-2026-03-04T05-00-00-${CONVERSATION}.jsonl`), `${line}\n`);
}

async function endHeartbeats(world: World): Promise<void> {
  for (const record of openWarmStore(world.env).list()) {
    const holder = await record.claim.holder();
    if (holder.kind === 'alive') process.kill(holder.identity.pid, 'SIGKILL');
  }
}

/** The conversation's own request. */
async function ask({ server }: Stage): Promise<void> {
  const headers = { 'x-api-key': CREDENTIAL, 'anthropic-version': '2023-06-01' };
  const body = JSON.stringify(conversationBody());
  await (await fetch(`${server.url}/v1/messages`, { method: 'POST', headers, body })).text();
}

const run = (on: Stage, example: number): Promise<RunResult> => shell(SHELLS[example] ?? '', on);

async function runWell(on: Stage, example: number): Promise<string> {
  const { code, stdout, stderr } = await run(on, example);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Full hits in the books of all that is on. */
function hits({ world }: Stage): number {
  const entries = openWarmStore(world.env)
    .list()
    .flatMap((record) => record.readLedger());
  return entries.filter((entry) => entry.kind === 'beat' && entry.verdict === 'full').length;
}

/** Runs an example while the job goes on, and opens its gate once `isEnough`. */
async function whileItRuns(on: Stage, example: number, isEnough: () => boolean): Promise<RunResult> {
  const running = run(on, example);
  await until(isEnough, 'what the example is for', PATIENCE_MS);
  openGate(on.world);
  return running;
}

const lastMarker = ({ stdout }: RunResult) => parseMarkers(stdout).at(-1);

type Check = (on: Stage, example: number) => Promise<void>;

/** A heartbeat that sends by an agent's own program. */
const forks =
  (agent: string, word: string): Check =>
  async (on, example) => {
    await runWell(on, example);
    await until(() => hits(on) > 0, 'a request that reads the prefix', PATIENCE_MS);
    const words = readFileSync(join(on.world.home, `${agent}.words`), 'utf8').split('\n');
    expect(words).toEqual(expect.arrayContaining([word, CONVERSATION]));
  };

/** One for each example of a shell, in the order of the page. */
const EXAMPLES: ReadonlyArray<readonly [what: string, check: Check]> = [
  [
    'a turn of the agent',
    async (on, example) => {
      openGate(on.world);
      const marker = lastMarker(await run(on, example));
      expect([marker?.name, attribute(marker, 'action')]).toEqual(['SESSION_WARM', 'collect']);
    },
  ],
  [
    'a wait that keeps the cache warm',
    async (on, example) => {
      const answer = await whileItRuns(on, example, () => existsSync(join(on.world.home, 'claude.words')));
      expect([answer.code, lastMarker(answer)?.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
    },
  ],
  ['a heartbeat', forks('claude', '--fork-session')],
  [
    'a program of the user’s',
    async (on, example) => {
      const { model, tools, system, messages } = conversationBody();
      writeFileSync(join(on.world.project, 'request.json'), JSON.stringify({ model, tools, system, messages }));
      writeFileSync(join(on.world.project, 'warm-request.mjs'), WARM_REQUEST);
      await ask(on);
      await runWell(on, example);
      await until(() => hits(on) > 0, 'a request that reads the prefix', PATIENCE_MS);
    },
  ],
  [
    'a captured request',
    async (on, example) => {
      const { world, server, env } = on;
      mkdirSync(join(world.project, 'node_modules/@csa'), { recursive: true });
      const warm = fileURLToPath(new URL('../../warm', import.meta.url));
      symlinkSync(warm, join(world.project, 'node_modules/@csa/warm'));
      const headers = { 'x-api-key': CREDENTIAL, 'anthropic-version': '2023-06-01' };
      const init = JSON.stringify({ method: 'POST', headers, body: JSON.stringify(conversationBody()) });
      const caller = `await (await capturingFetch('${server.url}/v1/messages', ${init})).text();`;
      writeFileSync(join(world.project, 'agent.mjs'), `${CAPTURING}\n${caller}\n`);
      expect((await shell('node agent.mjs', { world, env })).stderr).toBe('');
      const config = CONFIG.replace('/home/me', world.home).replace('https://api.anthropic.com', server.url);
      writeWarmConfig(world, [...config.trim().split('\n').slice(1), ...SOON]);
      const beats = () => server.requests.slice(1).filter(({ use }) => (use?.read ?? 0) > 0).length;
      const answer = await whileItRuns(on, example, () => beats() >= 2);
      expect([answer.code, lastMarker(answer)?.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
    },
  ],
  ['a fork of Claude Code’s', forks('claude', '--fork-session')],
  ['a fork of Codex’s', forks('codex', 'fork')],
  [
    'the settings for Claude Code',
    async (on, example) => {
      await runWell(on, example);
      const printed = JSON.parse(readFileSync(join(on.world.project, 'warm-hooks.json'), 'utf8'));
      const words = `${testNode()} ${builtCsa}`;
      expect(JSON.parse(JSON.stringify(printed).replaceAll(words, 'csa'))).toEqual(JSON.parse(SETTINGS));
    },
  ],
  [
    'limits, and what they would mean',
    async (on, example) => {
      expect(await runWell(on, example)).toContain('request');
      expect(openWarmStore(on.world.env).list()).toEqual([]);
    },
  ],
  [
    'how it is going',
    async (on, example) => {
      await runWell(on, 2);
      const told = await runWell(on, example);
      expect(told).toContain(CONVERSATION);
    },
  ],
  [
    'how it is switched off',
    async (on, example) => {
      await runWell(on, 2);
      await runWell(on, example);
      const [record] = openWarmStore(on.world.env).list();
      expect(record?.readState()?.power).toMatchObject({ kind: 'off' });
      expect(await record?.claim.holder()).toEqual({ kind: 'nobody' });
    },
  ],
];

describe('the page on warming', () => {
  it('has a check for each of its examples', () => {
    expect([
      SHELLS.length,
      blocksOf(PAGE, 'js').length,
      blocksOf(PAGE, 'toml').length,
      blocksOf(PAGE, 'json').length,
    ]).toEqual([EXAMPLES.length, 2, 1, 1]);
  });

  it.each(EXAMPLES.map(([what, check], example) => ({ what, check, example })))(
    'shows $what as it works',
    async ({ check, example }) => {
      await check(await stage(), example);
    },
  );
});
