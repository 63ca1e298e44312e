import { refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { MAX_COMMANDS } from '../config/value-form.ts';
import { parseHooks } from './hook-words.ts';

describe('--on-exit', () => {
  it('takes lines for a shell as they are, in their order', () => {
    const texts = ['true', ' notify-send "a b" ', 'a\nb', '$(x)', '-x', 'ü 🙂'];
    expect(parseHooks(texts)).toEqual(texts);
    expect(parseHooks([])).toEqual([]);
  });

  it.each([
    ['an empty word', [''], 'an empty word'],
    ['blanks', ['true', ' \n\t'], 'an empty word'],
    ['a NUL character', ['echo s3cr3t\0'], 'NUL'],
    ['a line that is too long', ['s3cr3t'.repeat(2_000)], 'a longer one'],
    ['too many', Array.from({ length: MAX_COMMANDS + 1 }, () => 'true'), String(MAX_COMMANDS + 1)],
  ])('refuses %s, and repeats nothing of it', (_what, texts, got) => {
    const refusal = refusalOf(() => parseHooks(texts));
    expect(refusal.reason).toBe('bad-hook');
    expect(refusal.message).toContain(got);
    expect(refusal.message).not.toContain('s3cr3t');
  });

  it('takes as many as are allowed', () => {
    expect(parseHooks(Array.from({ length: MAX_COMMANDS }, () => 'true'))).toHaveLength(MAX_COMMANDS);
  });
});
