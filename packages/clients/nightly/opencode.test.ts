import { expect, it } from 'vitest';
import { opencode } from '../src/index.ts';
import { attribute, byTools, endOf, obedient, START, verdictIn, waitInShell } from './answers.ts';
import { exchange, inOrder, lastAnswer } from './exchange.ts';
import { expectOnPage, transcriptsOn } from './transcript.ts';

const [SHELL = '', TOOLS = ''] = transcriptsOn('opencode');

it('waits in its shell as the page shows', async () => {
  const shown = await exchange(opencode, obedient(opencode), { seconds: 130 });
  expectOnPage(shown, SHELL);
});

it('waits by MCP as the page shows, for longer than its usual limit', async () => {
  const shown = await exchange(opencode, byTools(opencode), { seconds: 75, setUp: [] });
  expectOnPage(shown, TOOLS);
});

it('makes the whole wait one call with the time that the marker asks for', async () => {
  const script = inOrder(
    () => opencode.shell(START),
    (turn) => waitInShell(opencode, turn),
    (turn) => {
      const warm = verdictIn(lastAnswer(turn));
      return opencode.shell(attribute(warm, 'full_cmd'), { timeoutMs: Number(attribute(warm, 'tool_timeout_ms')) });
    },
  );
  const env = { OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: '15000' };
  const ended = await exchange(opencode, script, { seconds: 22, env });
  expect(ended.turns).toHaveLength(4);
  expect(endOf(ended).name).toBe('SESSION_WAIT_COMPLETED');
});
