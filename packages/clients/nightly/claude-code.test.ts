import { expect, it } from 'vitest';
import { claudeCode } from '../src/index.ts';
import { attribute, byTools, endOf, obedient, START, verdictIn, waitInShell } from './answers.ts';
import { exchange, inOrder, lastAnswer } from './exchange.ts';
import { expectOnPage, transcriptsOn } from './transcript.ts';

const [SHELL = '', TOOLS = ''] = transcriptsOn('claude-code');
const SHORT = { BASH_DEFAULT_TIMEOUT_MS: '15000' };

it('waits in its shell as the page shows', async () => {
  const shown = await exchange(claudeCode, obedient(claudeCode), { seconds: 130 });
  expectOnPage(shown, SHELL);
});

it('waits by MCP as the page shows', async () => {
  const shown = await exchange(claudeCode, byTools(claudeCode), { seconds: 75, setUp: [] });
  expectOnPage(shown, TOOLS);
});

it('has each wait end before its shell lets go of it', async () => {
  const { turns } = await exchange(claudeCode, obedient(claudeCode), { seconds: 12, env: SHORT });
  const verdicts =
    turns
      .at(-1)
      ?.answers.slice(1)
      .map(({ text }) => verdictIn(text)) ?? [];
  expect(attribute(verdicts[0] as (typeof verdicts)[0], 'cap_source')).toBe('claude-code');
  expect(verdicts.map(({ name }) => name)).toEqual([
    ...verdicts.slice(1).map(() => 'SESSION_WAIT_KV_WARM'),
    'SESSION_WAIT_COMPLETED',
  ]);
});

it('makes the whole wait one call with the time that the marker asks for', async () => {
  const script = inOrder(
    () => claudeCode.shell(START),
    (turn) => waitInShell(claudeCode, turn),
    (turn) => {
      const warm = verdictIn(lastAnswer(turn));
      return claudeCode.shell(attribute(warm, 'full_cmd'), { timeoutMs: Number(attribute(warm, 'tool_timeout_ms')) });
    },
  );
  const ended = await exchange(claudeCode, script, { seconds: 22, env: SHORT });
  expect(ended.turns).toHaveLength(4);
  expect(endOf(ended).name).toBe('SESSION_WAIT_COMPLETED');
});

it('runs a wait for which no call is long enough in the background, and is told of its end', async () => {
  const script = inOrder(
    () => claudeCode.shell(START),
    (turn) => waitInShell(claudeCode, turn),
    (turn) => {
      const warm = verdictIn(lastAnswer(turn));
      expect(attribute(warm, 'action')).toBe('background');
      return claudeCode.shell(attribute(warm, 'cmd'), {
        timeoutMs: Number(attribute(warm, 'tool_timeout_ms')),
        inBackground: attribute(warm, 'run_in_background') === 'true',
      });
    },
    () => ({ kind: 'say', text: 'I shall be told.' }),
  );
  const env = { ...SHORT, BASH_MAX_TIMEOUT_MS: '60000' };
  const { turns } = await exchange(claudeCode, script, { seconds: 12, env });
  expect(turns).toHaveLength(5);
  expect(turns[4]?.said).toMatch(/<status>(?:completed|failed)<\/status>[\s\S]*exit code 3/);
});
