import { describe, expect, test } from 'vitest';
import { detectWarmCaller, parseWarmCaller } from './warm-caller.ts';

const ID = '0f3b2c1d-1111-2222-3333-444455556666';

describe('the caller', () => {
  test.each([
    [{}, undefined],
    [{ CLAUDE_CODE_SESSION_ID: ID }, { agent: 'claude-code', id: ID }],
    [{ CODEX_THREAD_ID: ID }, { agent: 'codex', id: ID }],
    [
      { CLAUDE_CODE_SESSION_ID: ID, CODEX_THREAD_ID: 'b' },
      { agent: 'claude-code', id: ID },
    ],
    [{ CLAUDE_CODE_SESSION_ID: '' }, undefined],
    [{ CLAUDE_CODE_SESSION_ID: '../../etc' }, undefined],
    [{ CLAUDE_CODE_SESSION_ID: `a${'b'.repeat(128)}` }, undefined],
  ])('by %j is %j', (env, caller) => {
    expect(detectWarmCaller(env)).toEqual(caller);
  });

  test.each([
    [ID, {}, { agent: 'other', id: ID }],
    [ID, { CODEX_THREAD_ID: ID }, { agent: 'codex', id: ID }],
    [ID, { CODEX_THREAD_ID: 'else' }, { agent: 'other', id: ID }],
    [`claude-code:${ID}`, {}, { agent: 'claude-code', id: ID }],
    [`codex:${ID}`, { CLAUDE_CODE_SESSION_ID: ID }, { agent: 'codex', id: ID }],
    ['other:x', {}, { agent: 'other', id: 'x' }],
  ])('named %j under %j is %j', (text, env, caller) => {
    expect(parseWarmCaller(text, env)).toEqual(caller);
  });

  test.each(['', ' ', 'a b', 'a/b', '..', '-x', 'claude-code:', 'gemini:x', 'a\nb', '\u0661', 'x'.repeat(129), 'a:b'])(
    'named %j is refused, with what is expected',
    (text) => {
      expect(() => parseWarmCaller(text, {})).toThrow(/not the id of a conversation: expected at most 128/);
    },
  );
});
