import { parseToml } from '@csa/session';
import { temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { blocksOf, docPage } from './doc-page.ts';
import { McpClient } from './mcp-client.ts';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const PAGE = docPage('docs/mcp.md');
const [SET_UP = '', TOOLS = ''] = PAGE.split('## The tools');
const IDS = ['01M7XD2BWBRN2XM22DKTKS3163', '01M7XD2D3ZBSEHH6YA4K9YWA0G'];
/** What differs from one run to the next. */
const VARYING = new Set(['daemon', 'supervisor_pid', 'elapsed_ms', 'idle_ms', 'started_at']);

interface Stage {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
}

/** A project whose npm test fails, and csa where a shell finds it. */
function stage(): Stage {
  const world = temporaryWorld({ projectName: 'shop' });
  const test = 'echo ok 1 adds to the cart; echo not ok 2 pays; echo 1 test failed; exit 3';
  const npm = `[ "$1" = test ] || exec sleep 600\n${test}`;
  return { world, env: { PATH: userPath(world, { npm }) } };
}

interface Entry {
  readonly command: string | readonly string[];
  readonly args?: readonly string[];
}

/** The one server that a client's configuration names. */
function entryOf(config: unknown): readonly string[] {
  const { mcpServers, mcp, mcp_servers } = config as Record<string, { csa: Entry } | undefined>;
  const entry = (mcpServers ?? mcp ?? mcp_servers)?.csa;
  if (entry === undefined) throw new Error('no server called csa');
  return [entry.command, entry.args ?? []].flat();
}

describe('the page on MCP', () => {
  it('has the commands and configurations that are tried here, and no others', () => {
    expect(blocksOf(PAGE, 'sh')).toEqual(['csa mcp --help\n']);
    expect([blocksOf(SET_UP, 'json'), blocksOf(SET_UP, 'toml')].map(({ length }) => length)).toEqual([4, 1]);
    expect([...PAGE.matchAll(/^```\w/gm)]).toHaveLength(6 + 2 * exchanges().length);
  });

  it.each([
    ...blocksOf(SET_UP, 'json').map((text) => JSON.parse(text)),
    ...blocksOf(SET_UP, 'toml').map((text) => parseToml(text)),
  ])('shows a configuration that starts the server: %j', async (config) => {
    const { world, env } = stage();
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const { code, stdout } = await shell(`echo '${request}' | ${entryOf(config).join(' ')}`, { world, env });
    expect([code, JSON.parse(stdout).result.tools.length]).toEqual([0, 8]);
  });

  it('shows a command that teaches', async () => {
    const { world, env } = stage();
    const { code, stdout } = await shell(blocksOf(PAGE, 'sh')[0] ?? '', { world, env });
    expect([code, stdout.includes('tool_timeout_sec = 7200')]).toEqual([0, true]);
  });

  it('shows calls and answers as they are', async () => {
    const { world, env } = stage();
    const mcp = await McpClient.connect({ world, env });
    const ids = new Map<string, string>();
    for (const { tool, input, answer } of exchanges()) {
      const given = JSON.parse(real(input, ids));
      const said = await mcp.call(tool, given);
      if (tool === 'session_start') {
        ids.set(IDS[0] ?? '', String(said.document['session']));
      }
      const expected = real(answer, ids).replaceAll('/home/me/.local', `${world.home}/.local`);
      const placed = expected.replaceAll('/home/me/shop', world.project);
      if (placed.startsWith('{')) expect(steady(said.document)).toEqual(steady(JSON.parse(placed)));
      else expect(said.text).toBe(placed.trimEnd());
      if (tool === 'session_wait') {
        ids.set(IDS[1] ?? '', await mcp.start('npm run load', { description: 'load test' }));
      }
    }
  });
});

interface Exchange {
  readonly tool: string;
  readonly input: string;
  readonly answer: string;
}

/** A call and its answer below the name of each tool that shows one. */
function exchanges(): Exchange[] {
  return TOOLS.split(/^### /m).flatMap((section) => {
    const [input] = blocksOf(section, 'jsonl');
    const [answer] = [...blocksOf(section, 'jsonc'), ...blocksOf(section, 'text')];
    const tool = /^\w+/.exec(section)?.[0] ?? '';
    return input === undefined || answer === undefined ? [] : [{ tool, input, answer }];
  });
}

function real(text: string, ids: ReadonlyMap<string, string>): string {
  return [...ids].reduce((all, [shown, id]) => all.replaceAll(shown, id), text);
}

/** Without what differs from one run to the next, and without the directories of sessions, which hold the path of the world twice. */
function steady(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, one) => (VARYING.has(key) ? typeof one : key === 'directory' ? 'directory' : one)),
  );
}
