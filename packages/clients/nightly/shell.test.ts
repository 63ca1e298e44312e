import { describe, expect, it } from 'vitest';
import { type Client, claudeCode, codex, geminiCli, opencode } from '../src/index.ts';
import { attribute, idIn, obedient, verdictIn } from './answers.ts';
import { exchange, inOrder, lastAnswer } from './exchange.ts';

const CLIENTS: ReadonlyArray<{ readonly client: Client; readonly name: string; readonly exitWords: RegExp }> = [
  { client: claudeCode, exitWords: /^Exit code 3$/m },
  { client: codex, exitWords: /^Process exited with code 3$/m },
  { client: geminiCli, exitWords: /^Exit Code: 3$/m },
  // opencode shows the model no exit code: the marker is all that it has.
  { client: opencode, exitWords: /exit=3/ },
].map((row) => ({ ...row, name: row.client.name }));

describe.each(CLIENTS)('in the shell of $name', ({ client, exitWords }) => {
  it('a wait brings back how the session ended, with its code', async () => {
    const { code, turns } = await exchange(client, obedient(client, "sh -c 'sleep 3; echo 2 tests failed; exit 3'"));
    expect(code).toBe(0);
    const answer = turns.at(-1)?.answers.at(-1)?.text ?? '';
    const verdict = verdictIn(answer);
    expect([verdict.name, attribute(verdict, 'status'), attribute(verdict, 'exit')]).toEqual([
      'SESSION_WAIT_COMPLETED',
      'failure',
      '3',
    ]);
    expect(answer).toMatch(exitWords);
    expect(turns).toHaveLength(3);
  });
});

describe.each([
  { client: claudeCode, name: 'claude', source: 'claude-code', env: { BASH_DEFAULT_TIMEOUT_MS: '15000' } },
  {
    client: opencode,
    name: 'opencode',
    source: 'opencode',
    env: { OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: '15000' },
  },
])('where the shell of $name ends what lasts 15 s', ({ client, source, env }) => {
  it('a wait is over before that, and its hint leads to the end', async () => {
    const { turns } = await exchange(client, obedient(client, 'sleep 12'), { env });
    const verdicts =
      turns
        .at(-1)
        ?.answers.slice(1)
        .map(({ text }) => verdictIn(text)) ?? [];
    const [first, last] = [verdicts[0], verdicts.at(-1)];
    expect(first?.name).toBe('SESSION_WAIT_KV_WARM');
    expect([first?.attributes.get('cap'), first?.attributes.get('cap_source')]).toEqual(['5s', source]);
    expect([last?.name, last?.attributes.get('exit')]).toEqual(['SESSION_WAIT_COMPLETED', '0']);
  });

  it('the whole wait fits into one call with the time that the marker asks for', async () => {
    const script = inOrder(
      () => client.shell('csa session start -- sleep 22'),
      (turn) => client.shell(`csa session wait ${idIn(lastAnswer(turn))}`),
      (turn) => {
        const warm = verdictIn(lastAnswer(turn));
        const timeoutMs = Number(attribute(warm, 'tool_timeout_ms'));
        return client.shell(attribute(warm, 'full_cmd'), { timeoutMs });
      },
    );
    const { turns } = await exchange(client, script, { env });
    expect(turns).toHaveLength(4);
    expect(verdictIn(turns.at(-1)?.answers.at(-1)?.text ?? '').name).toBe('SESSION_WAIT_COMPLETED');
  });
});

it('in the shell of claude a wait for which no call is long enough runs in the background, and its end is told', async () => {
  const script = inOrder(
    () => claudeCode.shell('csa session start -- sleep 12'),
    (turn) => claudeCode.shell(`csa session wait ${idIn(lastAnswer(turn))}`),
    (turn) => {
      const warm = verdictIn(lastAnswer(turn));
      expect(attribute(warm, 'action')).toBe('background');
      const timeoutMs = Number(attribute(warm, 'tool_timeout_ms'));
      return claudeCode.shell(attribute(warm, 'cmd'), {
        timeoutMs,
        inBackground: attribute(warm, 'run_in_background') === 'true',
      });
    },
    () => ({ kind: 'say', text: 'I shall be told.' }),
  );
  const env = { BASH_DEFAULT_TIMEOUT_MS: '15000', BASH_MAX_TIMEOUT_MS: '60000' };
  const { turns } = await exchange(claudeCode, script, { env });
  expect(turns).toHaveLength(5);
  expect(turns[4]?.said).toMatch(/<status>completed<\/status>/);
});

it('in the shell of codex a wait is left running after its yield, and one read of the same process brings its end', async () => {
  const running = /Process running with session ID (\d+)/;
  const script = inOrder(
    () => codex.shell('csa session start -- sleep 12'),
    (turn) => codex.shell(`csa session wait ${idIn(lastAnswer(turn))}`),
    (turn) => {
      const [, session] = running.exec(lastAnswer(turn)) ?? [];
      return {
        kind: 'call',
        tool: 'write_stdin',
        input: { session_id: Number(session), chars: '', yield_time_ms: 300_000 },
      };
    },
  );
  const { turns } = await exchange(codex, script);
  expect(turns).toHaveLength(4);
  const [, yielded, ended] = turns[3]?.answers.map(({ text }) => text) ?? [];
  expect(yielded).toMatch(running);
  expect(yielded).toContain('same process');
  expect(verdictIn(ended ?? '').name).toBe('SESSION_WAIT_COMPLETED');
});

it('in the shell of gemini the heartbeat keeps a wait alive for longer than a silent command would be', async () => {
  const patience = { tools: { shell: { inactivityTimeout: 70 } } };
  const files = (model: string): Record<string, string> => {
    const settings = JSON.parse(geminiCli.files(model)['.gemini/settings.json'] ?? '');
    return { '.gemini/settings.json': JSON.stringify({ ...settings, ...patience }) };
  };
  const { turns } = await exchange(geminiCli, obedient(geminiCli, 'sleep 85'), { files, limitMs: 180_000 });
  expect(turns).toHaveLength(3);
  expect(verdictIn(turns[2]?.answers[1]?.text ?? '').name).toBe('SESSION_WAIT_COMPLETED');
});
