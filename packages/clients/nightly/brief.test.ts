import { runCsa } from '@csa/testkit';
import { expect, it } from 'vitest';
import { type Client, claudeCode, codex } from '../src/index.ts';
import { exchange, inOrder, surroundings } from './exchange.ts';

const CLIENTS: ReadonlyArray<{ client: Client; name: string; file: string }> = [
  { client: claudeCode, name: 'claude', file: '.claude/settings.json' },
  { client: codex, name: 'codex', file: '.codex/config.toml' },
];

it.each(CLIENTS)('the hook that is printed for $name tells the first turn what is alive', async (row) => {
  const { client, name, file } = row;
  const on = surroundings();
  const { stdout: id } = await runCsa(['session', 'start', '--', 'sleep', '600'], on);
  const { stdout: hook } = await runCsa(['session', 'brief', '--print-hook', name], on);
  const files = (model: string): Record<string, string> => ({ [file]: (client.files(model)[file] ?? '') + hook });
  const { turns } = await exchange(client, inOrder(), { surroundings: on, files });
  expect(turns).toHaveLength(1);
  expect(turns[0]?.said).toContain('## Alive: 1');
  expect(turns[0]?.said).toContain(`csa session wait ${id.trim()}`);
});
