import { runCsa } from '@csa/testkit';
import { expect, it } from 'vitest';
import { codex, sandboxedCodex } from '../src/index.ts';
import { byTools, START, waitByTool, waitInShell } from './answers.ts';
import { exchange, inOrder, lastAnswer, surroundings } from './exchange.ts';
import { expectOnPage, transcriptsOn } from './transcript.ts';

const [TOOLS = '', SHELL = ''] = transcriptsOn('codex');

it('waits by MCP as the page shows, for longer than its usual limit', async () => {
  const shown = await exchange(codex, byTools(codex), { seconds: 310, setUp: [] });
  expectOnPage(shown, TOOLS);
});

it('waits in its shell as the page shows', async () => {
  const script = inOrder(
    () => codex.shell(START),
    (turn) => waitInShell(codex, turn),
    (turn) => {
      const [, session] = /Process running with session ID (\d+)/.exec(lastAnswer(turn)) ?? [];
      const input = { session_id: Number(session), chars: '', yield_time_ms: 300_000 };
      return { kind: 'call', tool: 'write_stdin', input };
    },
  );
  const shown = await exchange(codex, script, { seconds: 30 });
  expectOnPage(shown, SHELL);
});

it('is told that nothing can be started from within its sandbox', async () => {
  const { turns } = await exchange(
    sandboxedCodex,
    inOrder(() => codex.shell(START)),
  );
  expect(turns[1]?.answers[0]?.text).toMatch(/Process exited with code 125[\s\S]*reason=state-root-unwritable/);
});

it('waits from within its sandbox by MCP, and starts nothing there where it is to ask before', async () => {
  const on = surroundings();
  const { stdout } = await runCsa(['session', 'start', '--', 'sleep', '5'], on);
  const script = inOrder(
    () => waitByTool(codex, stdout.trim()),
    () => ({ kind: 'call', tool: codex.tool('session_start'), input: { shell: 'true' } }),
  );
  const { turns } = await exchange(sandboxedCodex, script, { surroundings: on, setUp: ['--ask-before-start'] });
  const [waited, started] = turns[2]?.answers.map(({ text }) => text) ?? [];
  expect(waited).toContain('"wait_result":"finished"');
  expect(started).toContain('requires approval');
});

it('starts from within its sandbox what goes on outside of it', async () => {
  const { turns } = await exchange(sandboxedCodex, byTools(codex), { setUp: [] });
  expect(turns[2]?.answers[1]?.text).toContain('"wait_result":"finished"');
});
