import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { callerCacheTier } from './caller-cache-tier.ts';
import { answer } from './transcripts.test.fixture.ts';

const HOUR = answer('h', { written: { hour: 5_000 } });
const FIVE = answer('f', { written: { five: 300 } });

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
    expect(callerCacheTier({ ...env, PWD: '/home/me/my_link_e' })).toBe('5m');
  });

  it('is found in the folder of another directory, where the caller has gone elsewhere since', () => {
    const { env } = caller(FIVE, '/home/me/project');
    expect(callerCacheTier({ ...env, PWD: '/home/me/project/sub' })).toBe('5m');
    expect(callerCacheTier(env)).toBe('5m');
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
    expect(callerCacheTier(caller(`${HOUR}\n${filler.repeat(2_000)}`).env)).toBe('1h');
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
