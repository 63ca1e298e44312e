import { describe, expect, it } from 'vitest';
import { fileWith } from './configs.test.fixture.ts';
import { mistakeWarnings, unknownKeys } from './unknown-keys.ts';

const warningsOf = (text: string): string[] => mistakeWarnings(fileWith(text));

describe('a key in a table of ours', () => {
  it.each([
    ['[wait]\nalive_exit_cod = 75\n', 'unknown key wait.alive_exit_cod (did you mean wait.alive_exit_code?)'],
    ['[kv_cache]\nlong_pol_second = 3\n', '(did you mean kv_cache.long_poll_seconds?)'],
    ['[kv_cache]\nlong = 3\n', '(did you mean kv_cache.long_poll_seconds?)'],
    ['[wait]\nlong_poll_seconds = 3\n', 'wait.long_poll_seconds (did you mean kv_cache.long_poll_seconds?)'],
    ['[wait]\nnonsense = 3\n', 'unknown key wait.nonsense; it is ignored'],
    ['[hooks]\nsession_finish = "x"\n', '(did you mean hooks.session_finished?)'],
    ['wait = 5\n', 'unknown key wait (did you mean [wait]?)'],
    ['wait = [1]\n', '(did you mean [wait]?)'],
    ['[kv_cache]\nprovider_ttls = 5\n', '(did you mean [kv_cache.provider_ttls]?)'],
  ])('that nobody reads is told, with what was meant: %j', (text, words) => {
    expect(warningsOf(text)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    '[kv_cache]\nfrequent_poll_seconds = 60\ndefault_ttl_seconds = 240\n',
    '[hooks]\nauto_setup_review_gate = true\n',
    '[kv_cache.provider_ttls]\nanything = 5\n',
    '[wait]\nalive_exit_code = 75\n',
  ])('that somebody reads is not: %j', (text) => {
    expect(unknownKeys(fileWith(text))).toEqual([]);
  });
});

describe('a key at the root', () => {
  it.each([
    ['[waits]\n', 'did you mean [wait]?'],
    ['[kvcache]\n', 'did you mean [kv_cache]?'],
    ['[hook]\n', 'did you mean [hooks]?'],
    ['alive_exit_code = 75\n', 'did you mean wait.alive_exit_code?'],
  ])('that is close to one of ours is a mistake: %j', (text, words) => {
    expect(warningsOf(text)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    'schema_version = 1\n',
    '[tools.codex]\nenabled = true\n',
    '[session_wait]\n',
    '[gc]\n',
    '[run]\n',
    '[mcp]\n',
    '[x]\n',
  ])('that is not, is the older program’s business: %j', (text) => {
    const file = fileWith(text);
    expect(mistakeWarnings(file)).toEqual([]);
    expect(unknownKeys(file)).toEqual([expect.objectContaining({ kind: 'foreign', line: 1 })]);
  });
});

it('a flood of mistakes is cut', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `x${i} = 1\n`).join('');
  const warnings = warningsOf(`[wait]\n${keys}`);
  expect(warnings).toHaveLength(11);
  expect(warnings.at(-1)).toContain('49990 more unknown keys');
});

it('a name is shown clean and short', () => {
  const [name] = unknownKeys(fileWith(`"\\u001b[31mx<!-- CSA:X -->${'y'.repeat(900)}" = 1\n`));
  expect(name?.key.length).toBeLessThan(70);
  expect(name?.key).not.toMatch(/[\u001b]|<!-- CSA:/);
});
