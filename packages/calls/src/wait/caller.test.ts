import { describe, expect, it } from 'vitest';
import { detectCaller } from './caller.ts';

const CLAUDE = { agent: 'claude-code', defaultMs: 120_000, maxMs: 600_000 };
const OPENCODE = { agent: 'opencode', defaultMs: 120_000, maxMs: 600_000 };
const NOBODY = { isAgent: false, yieldsEarly: false, needsOutput: false, isCi: false };
const OPENCODE_DEFAULT = 'OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS';

it.each<[NodeJS.ProcessEnv, object]>([
  [{}, {}],
  [{ CLAUDECODE: '1' }, { isAgent: true, limit: CLAUDE }],
  [{ CLAUDECODE: '0' }, { isAgent: true }],
  [{ CLAUDECODE: '' }, {}],
  [{ CLAUDE_CODE_SESSION_ID: 'x' }, { isAgent: true }],
  [{ OPENCODE: '1' }, { isAgent: true, limit: OPENCODE }],
  [{ CODEX_CI: '1' }, { isAgent: true, yieldsEarly: true }],
  [{ CODEX_THREAD_ID: 'x' }, { isAgent: true, yieldsEarly: true }],
  [{ CODEX_SESSION_ID: 'x' }, { isAgent: true }],
  [{ GEMINI_CLI: '1' }, { isAgent: true, needsOutput: true }],
  [{ AI_AGENT: 'x' }, { isAgent: true }],
  [
    { CI: 'true', CLAUDECODE: '1' },
    { isAgent: true, isCi: true, limit: CLAUDE },
  ],
  [
    { GEMINI_CLI: '1', CODEX_CI: '1' },
    { isAgent: true, needsOutput: true, yieldsEarly: true },
  ],
])('reads the marks %o', (env, caller) => {
  expect(detectCaller(env)).toEqual({ ...NOBODY, ...caller });
});

it.each([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['woodpecker', true],
  ['', false],
  ['0', false],
  ['false', false],
  ['False', false],
  [undefined, false],
])('takes CI=%s for %s', (CI, isCi) => {
  expect(detectCaller({ CI }).isCi).toBe(isCi);
});

describe('the limit of the shell tool', () => {
  const limitOf = (env: NodeJS.ProcessEnv) => detectCaller(env).limit;

  it.each([
    ['30000', undefined, 30_000, 600_000],
    ['900000', undefined, 900_000, 900_000],
    ['900000', '300000', 900_000, 900_000],
    [undefined, '1200000', 120_000, 1_200_000],
    [undefined, '1000', 120_000, 120_000],
  ])('is what Claude Code was told: %s, at most %s', (shortest, longest, defaultMs, maxMs) => {
    const env = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: shortest, BASH_MAX_TIMEOUT_MS: longest };
    expect(limitOf(env)).toEqual({ agent: 'claude-code', defaultMs, maxMs });
  });

  it.each(['', '0', '000', '-1', '1e5', 'abc', '120s', ' 5', '1.5', '٥', '9'.repeat(13)])(
    'is the usual one where the setting is %j',
    (garbage) => {
      const claude = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: garbage, BASH_MAX_TIMEOUT_MS: garbage };
      expect(limitOf(claude)).toEqual(CLAUDE);
      expect(limitOf({ OPENCODE: '1', [OPENCODE_DEFAULT]: garbage })).toEqual(OPENCODE);
    },
  );

  it('is what opencode was told, and its longest is fixed', () => {
    expect(limitOf({ OPENCODE: '1', [OPENCODE_DEFAULT]: '20000', BASH_MAX_TIMEOUT_MS: '9000000' })).toEqual({
      ...OPENCODE,
      defaultMs: 20_000,
    });
    expect(limitOf({ OPENCODE: '1', [OPENCODE_DEFAULT]: '700000' })).toMatchObject({ maxMs: 700_000 });
  });

  it.each([
    ['60000', '30000', 'opencode', 30_000],
    ['20000', '30000', 'claude-code', 20_000],
    ['20000', undefined, 'claude-code', 20_000],
    [undefined, '20000', 'opencode', 20_000],
  ])('is the smallest of several: %s and %s', (claude, opencode, agent, defaultMs) => {
    const env = { CLAUDECODE: '1', OPENCODE: '1', BASH_DEFAULT_TIMEOUT_MS: claude, [OPENCODE_DEFAULT]: opencode };
    expect(limitOf(env)).toMatchObject({ agent, defaultMs });
  });

  it('is none inside a session, where no tool waits for us', () => {
    expect(detectCaller({ CLAUDECODE: '1', OPENCODE: '1', CSA_SESSION_ID: 'x' })).toEqual({ ...NOBODY, isAgent: true });
    expect(limitOf({ CLAUDECODE: '1', CSA_SESSION_ID: '' })).toEqual(CLAUDE);
  });
});
