import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { callerCacheTier, tierOfLines } from './caller-transcript.ts';

interface Written {
  readonly h?: unknown;
  readonly m?: unknown;
}

/** One turn that wrote so many tokens for an hour and for five minutes. */
function turn({ h = 0, m = 0 }: Written, more: object = {}): string {
  const written = { ephemeral_1h_input_tokens: h, ephemeral_5m_input_tokens: m };
  return JSON.stringify({ type: 'assistant', message: { usage: { cache_creation: written } }, ...more });
}
const HOUR = turn({ h: 5_000 });
const FIVE = turn({ m: 300 });
const NONE = turn({});

describe('the tier of a transcript', () => {
  it.each<[string, readonly string[], '1h' | '5m' | undefined]>([
    ['nothing', [], undefined],
    ['one turn for an hour', [HOUR], '1h'],
    ['one turn for five minutes', [FIVE], '5m'],
    ['a turn for both', [turn({ h: 1, m: 1 })], '1h'],
    ['an hour after five minutes', [FIVE, HOUR], '1h'],
    ['five minutes after an hour', [HOUR, FIVE], '5m'],
    ['turns that wrote nothing', [HOUR, NONE, NONE], '1h'],
    ['only turns that wrote nothing', [NONE], undefined],
    ['a side conversation at the end', [HOUR, turn({ m: 9 }, { isSidechain: true })], '1h'],
    ['only a side conversation', [turn({ m: 9 }, { isSidechain: true })], undefined],
    ['a main conversation, said so', [turn({ m: 9 }, { isSidechain: false })], '5m'],
    ['an API error at the end', [FIVE, turn({ h: 9 }, { isApiErrorMessage: true })], '5m'],
    ['a torn last line', [FIVE, HOUR.slice(0, -4)], '5m'],
    ['a torn first line', [HOUR.slice(40), FIVE], '5m'],
    ['an empty last line', [FIVE, ''], '5m'],
    ['lines of other kinds', [HOUR, '{"type":"user"}', 'null', '[]', '7'], '1h'],
    ['words about a cache', [FIVE, '"cache_creation"', '{"text":"\\"cache_creation\\""}'], '5m'],
    [
      'no usage',
      [FIVE, '{"message":null,"x":"cache_creation"}', '{"message":{"usage":null},"cache_creation":1}'],
      '5m',
    ],
    ['no object', [FIVE, '{"message":{"usage":{"cache_creation":null}}}'], '5m'],
    ['a number as what was written', [FIVE, '{"message":{"usage":{"cache_creation":7}}}'], '5m'],
    ['numbers that are none', [FIVE, turn({ h: 'many', m: -1 }), turn({ h: null, m: [] })], '5m'],
    ['values that are no primitives', [FIVE, turn({ h: { valueOf: 1, toString: 1 } })], '5m'],
  ])('with %s', (_, lines, tier) => {
    expect(tierOfLines(lines)).toBe(tier);
  });
});

describe("the caller's transcript", () => {
  const CONVERSATION = '0f9c1e2d-1111-4222-8333-444455556666';
  const spelled = (directory: string): string => directory.replace(/[^A-Za-z0-9]/g, '-');

  /** A home with a transcript for one directory, and the environment of a caller there. */
  function caller(content: string | Buffer, directory = process.cwd(), id = CONVERSATION) {
    const config = join(temporaryDirectory(), '.claude');
    const path = join(config, 'projects', spelled(directory), `${id}.jsonl`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return { config, path, env: { HOME: dirname(config), CLAUDE_CODE_SESSION_ID: CONVERSATION } };
  }

  it('is found below HOME, or where CLAUDE_CONFIG_DIR says', () => {
    const { config, env } = caller(`${FIVE}\n${HOUR}\n`);
    expect(callerCacheTier(env)).toBe('1h');
    expect(callerCacheTier({ ...env, HOME: '/nowhere', CLAUDE_CONFIG_DIR: config })).toBe('1h');
    expect(callerCacheTier({ ...env, CLAUDE_CONFIG_DIR: '/nowhere' })).toBeUndefined();
  });

  it('is found under the directory as the shell spells it', () => {
    const { env } = caller(FIVE, '/home/me/my_link.d');
    expect(callerCacheTier({ ...env, PWD: '/home/me/my_link.d' })).toBe('5m');
    expect(callerCacheTier({ ...env, PWD: '/home/me' })).toBeUndefined();
    expect(callerCacheTier(env)).toBeUndefined();
  });

  it('is that of the real directory first', () => {
    const { config, env } = caller(FIVE);
    mkdirSync(join(config, 'projects/-elsewhere'));
    writeFileSync(join(config, 'projects/-elsewhere', `${CONVERSATION}.jsonl`), HOUR);
    expect(callerCacheTier({ ...env, PWD: '/elsewhere' })).toBe('5m');
  });

  it.each(['', '../x', 'a/b', '.', 'a.b', 'x\0', 'ü', ' ', 'a'.repeat(65), `../${CONVERSATION}`])(
    'is not looked for under the id %j',
    (id) => {
      const { config, env } = caller(HOUR);
      for (const path of [join(config, 'x.jsonl'), join(config, 'projects', `${CONVERSATION}.jsonl`)]) {
        writeFileSync(path, HOUR);
      }
      expect(callerCacheTier({ ...env, CLAUDE_CODE_SESSION_ID: id })).toBeUndefined();
    },
  );

  it('is none without an id, without a home and without a file', () => {
    const { env } = caller(HOUR);
    expect(callerCacheTier({ HOME: env.HOME })).toBeUndefined();
    expect(callerCacheTier({ CLAUDE_CODE_SESSION_ID: CONVERSATION })).toBeUndefined();
    expect(callerCacheTier({ ...env, HOME: '' })).toBeUndefined();
    expect(callerCacheTier({ ...env, CLAUDE_CODE_SESSION_ID: 'another' })).toBeUndefined();
  });

  it('is read from its end, however long it is', () => {
    const filler = `${JSON.stringify({ text: 'x'.repeat(1_000) })}\n`;
    expect(callerCacheTier(caller(filler.repeat(2_000) + HOUR).env)).toBe('1h');
    expect(callerCacheTier(caller(`${HOUR}\n${filler.repeat(2_000)}`).env)).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['no text', Buffer.from([0xff, 0xfe, 0, 0x22])],
    ['a NUL', '\0'.repeat(4_096)],
  ])('may be %s', (_, content) => {
    expect(callerCacheTier(caller(content).env)).toBeUndefined();
  });

  it('may be a directory, a pipe or a link to nothing, and is then passed over at once', () => {
    const { path, env } = caller(HOUR);
    const inPlace = (make: () => void): unknown => {
      execFileSync('rm', ['-rf', path]);
      make();
      return callerCacheTier(env);
    };
    expect(inPlace(() => mkdirSync(path))).toBeUndefined();
    expect(inPlace(() => execFileSync('mkfifo', [path]))).toBeUndefined();
    expect(inPlace(() => symlinkSync('/nowhere', path))).toBeUndefined();
  });
});
