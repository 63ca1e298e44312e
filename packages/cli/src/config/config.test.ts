import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

function configFile(text: string | Buffer): string {
  const path = join(temporaryDirectory(), 'config.toml');
  writeFileSync(path, text);
  return path;
}

const load = (text: string | Buffer, provider?: string) => loadConfig(configFile(text), provider);
const CACHE = '[kv_cache]\nlong_poll_seconds = 300\n';
const TTLS = `${CACHE}[kv_cache.provider_ttls]\nanthropic = 200\n"open ai" = 100\n`;

describe('a config file', () => {
  it.each<[string, string | undefined, object]>([
    ['', undefined, {}],
    ['# nothing\n', undefined, {}],
    [CACHE, undefined, { capMs: 300_000 }],
    ['[wait]\nalive_exit_code = 75\n', undefined, { aliveExitCode: 75 }],
    ['[wait]\nalive_exit_code = 0\n', undefined, { aliveExitCode: 0 }],
    [`${CACHE}[wait]\nalive_exit_code = 255\n`, undefined, { capMs: 300_000, aliveExitCode: 255 }],
    ['[kv_cache]\nlong_poll_seconds = 604800\n', undefined, { capMs: 604_800_000 }],
    ['[kv_cache]\nlong_poll_seconds = 1\n', undefined, { capMs: 1_000 }],
    ['[kv_cache]\nfrequent_poll_seconds = 7\n[other]\nx = [1, 2]\n', undefined, {}],
    [TTLS, undefined, { capMs: 300_000 }],
    [TTLS, 'anthropic', { capMs: 200_000 }],
    [TTLS, 'open ai', { capMs: 100_000 }],
    ['[kv_cache.provider_ttls]\nx = 9\n', 'x', { capMs: 9_000 }],
  ])('says %j, asked for %s', (text, provider, config) => {
    expect(load(text, provider)).toEqual({ config, warnings: [] });
  });

  it('that is not there says nothing', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    for (const path of [join(directory, 'none'), join(directory, 'no/ne'), join(directory, 'file/x')]) {
      expect(loadConfig(path, 'anthropic')).toEqual({ config: {}, warnings: [] });
    }
  });
});

describe('what cannot be used is ignored with one warning:', () => {
  it.each<[string, string]>([
    ['[kv_cache]\nlong_poll_seconds = 0\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = -5\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = 604801\n', 'from 1 to 604800, got 604801'],
    ['[kv_cache]\nlong_poll_seconds = 1.5\n', 'got 1.5'],
    ['[kv_cache]\nlong_poll_seconds = "300"\n', 'must be an integer'],
    ['[kv_cache]\nlong_poll_seconds = true\n', 'got true'],
    ['[kv_cache]\nlong_poll_seconds = inf\n', 'got Infinity'],
    ['[kv_cache]\nlong_poll_seconds = 9007199254740993\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = 2026-01-01\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = [1]\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = {}\n', 'kv_cache.long_poll_seconds'],
    ['[kv_cache]\nlong_poll_seconds = { toString = 1, valueOf = 2 }\n', 'kv_cache.long_poll_seconds'],
    ['[wait]\nalive_exit_code = 124\n', 'must not be 124 or 125'],
    ['[wait]\nalive_exit_code = 125\n', 'must not be 124 or 125'],
    ['[wait]\nalive_exit_code = 256\n', 'wait.alive_exit_code'],
    ['[wait]\nalive_exit_code = -1\n', 'wait.alive_exit_code'],
    ['[wait]\nalive_exit_code = "75"\n', 'wait.alive_exit_code'],
  ])('%j', (text, words) => {
    const { config, warnings } = load(text);
    expect(config).toEqual({});
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(warnings[0]).toContain('/config.toml');
  });

  it('an unknown provider, and the rest still counts', () => {
    for (const provider of ['openai', '__proto__', 'constructor', 'toString', '']) {
      const { config, warnings } = load(TTLS, provider);
      expect(config).toEqual({ capMs: 300_000 });
      expect(warnings).toEqual([expect.stringContaining(JSON.stringify(provider))]);
    }
  });

  it("a provider's value, for which the general one stands in", () => {
    const { config, warnings } = load(`${CACHE}[kv_cache.provider_ttls]\nx = 0\n`, 'x');
    expect(config).toEqual({ capMs: 300_000 });
    expect(warnings).toEqual([expect.stringContaining('kv_cache.provider_ttls.x')]);
  });

  it.each([
    ['[kv_cache]\nlong_poll_seconds = \n', 'line 2, column 21'],
    ['[kv_cache\n', 'line 1, column 10'],
    ['[kv_cache]\nlong_poll_seconds = 300\nlong_poll_seconds = 400\n', 'line 3'],
    [Buffer.from([0x61, 0x20, 0x3d, 0x20, 0xff]), 'line 1'],
    [`a = ${'['.repeat(50_000)}`, 'cannot be used'],
  ])('malformed TOML, whose place is named (%#)', (text, place) => {
    const { config, warnings } = load(text);
    expect(config).toEqual({});
    expect(warnings).toEqual([expect.stringContaining(place)]);
    expect(warnings[0]).toContain('going on with defaults');
  });
});

it('takes no key from a prototype', () => {
  const text = `__proto__ = 1\n[kv_cache]\n__proto__ = { long_poll_seconds = 7 }\n`;
  expect(load(text)).toEqual({ config: {}, warnings: [] });
  expect(load('[__proto__]\nkv_cache = { long_poll_seconds = 7 }\n').config).toEqual({});
  expect(({} as Record<string, unknown>)['long_poll_seconds']).toBeUndefined();
  expect(load('[kv_cache.provider_ttls]\n"__proto__" = 9\n', '__proto__').config).toEqual({ capMs: 9_000 });
});

it.each<[string, (path: string) => void]>([
  ['a directory', (path) => mkdirSync(path)],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path])],
  ['a device without an end', (path) => symlinkSync('/dev/zero', path)],
  ['a file of 2 MB', (path) => writeFileSync(path, '#'.repeat(2 * 1024 * 1024))],
  ['a link to itself', (path) => symlinkSync(path, path)],
])('warns, and does not hang, where the file is %s', (_, make) => {
  const path = join(temporaryDirectory(), 'config.toml');
  make(path);
  const { config, warnings } = loadConfig(path, undefined);
  expect(config).toEqual({});
  expect(warnings).toEqual([expect.stringContaining(path)]);
});

it('follows a link to a file, as dotfiles are kept', () => {
  const path = join(temporaryDirectory(), 'link');
  symlinkSync(configFile(CACHE), path);
  expect(loadConfig(path, undefined).config).toEqual({ capMs: 300_000 });
});

it('warns of a directory that may not be entered, or reads what root may', () => {
  const directory = join(temporaryDirectory(), 'locked');
  mkdirSync(directory);
  writeFileSync(join(directory, 'config.toml'), CACHE);
  chmodSync(directory, 0);
  const { config, warnings } = loadConfig(join(directory, 'config.toml'), undefined);
  chmodSync(directory, 0o700);
  const isRoot = process.getuid?.() === 0;
  expect(config).toEqual(isRoot ? { capMs: 300_000 } : {});
  expect(warnings).toEqual(isRoot ? [] : [expect.stringContaining('EACCES')]);
});
