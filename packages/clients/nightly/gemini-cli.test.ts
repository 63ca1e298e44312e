import { expect, it } from 'vitest';
import { geminiCli } from '../src/index.ts';
import { byTools, endOf, obedient } from './answers.ts';
import { exchange } from './exchange.ts';
import { expectOnPage, transcriptsOn } from './transcript.ts';

const [SHELL = '', TOOLS = ''] = transcriptsOn('gemini');

it('waits in its shell as the page shows', async () => {
  const shown = await exchange(geminiCli, obedient(geminiCli), { seconds: 75 });
  expectOnPage(shown, SHELL);
});

it('waits by MCP as the page shows, for longer than its usual limit', async () => {
  const shown = await exchange(geminiCli, byTools(geminiCli), { seconds: 610, setUp: [] });
  expectOnPage(shown, TOOLS);
});

it('ends no wait that is silent but for its heartbeat', async () => {
  const files = (model: string): Record<string, string> => {
    const settings = JSON.parse(geminiCli.files(model)['.gemini/settings.json'] ?? '');
    return { '.gemini/settings.json': JSON.stringify({ ...settings, tools: { shell: { inactivityTimeout: 70 } } }) };
  };
  const ended = await exchange(geminiCli, obedient(geminiCli), { files, seconds: 85 });
  expect(ended.turns).toHaveLength(3);
  expect(endOf(ended).name).toBe('SESSION_WAIT_COMPLETED');
});
