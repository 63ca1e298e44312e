import { runCsa } from '@csa/testkit';
import { expect, it } from 'vitest';
import { claudeCode, codex, geminiCli, opencode } from '../src/index.ts';
import { exchange, inOrder, surroundings } from './exchange.ts';

const CLIENTS = [claudeCode, codex, geminiCli, opencode].map((client) => ({ client, name: client.name }));

it.each(CLIENTS)(
  'csa setup $name lets the first turn know what is alive, and offers every tool',
  async ({ client }) => {
    const on = surroundings();
    const { stdout: id } = await runCsa(['session', 'start', '--', 'sleep', '600'], on);
    const { turns } = await exchange(client, inOrder(), { surroundings: on, setUp: [] });
    expect(turns[0]?.said).toContain('## Alive: 1');
    expect(turns[0]?.said).toContain(`csa session wait ${id.trim()}`);
    const tools = ['start', 'wait', 'status', 'result', 'logs', 'stop', 'list', 'brief'];
    expect(turns[0]?.tools).toEqual(expect.arrayContaining(tools.map((tool) => client.tool(`session_${tool}`))));
  },
);
