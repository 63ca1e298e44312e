import { temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { callerFacts, judgeCaller } from './caller.ts';
import type { Finding } from './finding.ts';

function judge(env: NodeJS.ProcessEnv): Finding[] {
  const world = temporaryWorld();
  return judgeCaller(callerFacts({ ...world.env, ...env }, world.project));
}

/** Each as `level: text`, the ordinary ones too. */
const told = (env: NodeJS.ProcessEnv): string[] => judge(env).map(({ level, finding }) => `${level}: ${finding}`);

it.each<[NodeJS.ProcessEnv, readonly string[]]>([
  [{}, ["ok: no agent's shell", 'ok: a wait from here takes at most: 240s (from default)']],
  [
    { CLAUDECODE: '1' },
    [
      "ok: an agent's shell (CLAUDECODE): claude-code ends a call after 120s, or after 600s if asked to",
      'ok: a wait from here takes at most: 110s, lowered from 240s (from claude-code)',
      'note: 240s would pay: ask the shell tool for a longer timeout',
    ],
  ],
  [
    { CLAUDECODE: '1', CSA_WAIT_CAP: '10m' },
    [
      'ok: an agent',
      'lowered from 600s',
      'note: 600s would pay, more than the shell tool allows: run the wait in the background',
    ],
  ],
  [{ OPENCODE: '1' }, ['(OPENCODE): opencode ends', 'from opencode', 'note: 240s would pay']],
  [{ CODEX_THREAD_ID: 't' }, ['ok: an agent', '240s (from default)', "note: Codex's shell returns after 10 s"]],
  [{ GEMINI_CLI: '1' }, ['ok: an agent', '240s (from default)', "note: Gemini's shell ends silent commands"]],
  [{ AI_AGENT: 'x' }, ["note: an agent's shell (AI_AGENT), whose limit csa does not know", '240s']],
  [{ CI: 'true' }, ['ok: CI, without an agent', 'until done (from ci)']],
  [
    { CI: 'true', CSA_WAIT_CAP: '60' },
    ['ok: CI', '60s (from env)', 'warning: in CI a wait that ends alive exits with 0'],
  ],
  [{ CI: 'true', CSA_WAIT_CAP: '60', CSA_ALIVE_EXIT_CODE: '75' }, ['ok: CI', '60s (from env)']],
  [
    { CLAUDECODE: '1', CSA_SESSION_ID: '01M0F77JH0BVPHYFAVF40A3GZ5' },
    ['ok: an agent', 'note: this is inside the session 01M0F77JH0BVPHYFAVF40A3GZ5', '240s (from default)'],
  ],
])('%o: %j', (env, expected) => {
  expect(told(env)).toEqual(expected.map((text) => expect.stringContaining(text)));
});

describe('a variable that refuses every wait', () => {
  it.each(['CSA_WAIT_CAP', 'CSA_ALIVE_EXIT_CODE'])('is a problem, and can be unset: %s', (name) => {
    expect(judge({ [name]: 'soon' }).at(-1)).toMatchObject({
      level: 'problem',
      finding: expect.stringContaining('every wait is refused'),
      command: `unset ${name}`,
    });
  });
});
