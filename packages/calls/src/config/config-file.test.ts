import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownValue } from '@csa/session';
import { temporaryDirectory, temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type ConfigFile, readConfigFile, readConfigFiles } from './config-file.ts';

const MEBIBYTE = 1024 * 1024;

function written(bytes: string | Buffer): ConfigFile {
  const path = join(temporaryDirectory(), 'config.toml');
  writeFileSync(path, bytes);
  return readConfigFile('user', path);
}

it('a file is read with its text, and with who may have written it', () => {
  const path = join(temporaryDirectory(), 'config.toml');
  writeFileSync(path, 'a = 1\n', { mode: 0o640 });
  expect(readConfigFile('user', path)).toMatchObject({
    scope: 'user',
    state: 'read',
    path,
    table: { a: 1 },
    owner: process.getuid?.(),
  });
});

it('a file that is not there is absent, also where a directory is missing or a file stands in its place', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'file'), '');
  for (const path of [join(directory, 'none'), join(directory, 'no/ne'), join(directory, 'file/x')]) {
    expect(readConfigFile('project', path)).toEqual({ scope: 'project', state: 'absent', path });
  }
});

describe('a file that cannot be used says why:', () => {
  it.each<[string, string | Buffer, string]>([
    ['no value', '[kv_cache]\nlong_poll_seconds = \n', 'line 2, column 21'],
    ['a torn table', '[kv_cache\n', 'line 1, column 10'],
    ['a key twice', '[a]\nb = 300\nb = 400\n', 'line 3'],
    ['not UTF-8', Buffer.from([0x61, 0x20, 0x3d, 0x20, 0xff]), 'it is not UTF-8'],
    ['UTF-16', Buffer.from('a = 1\n', 'utf16le'), 'line 1'],
    ['a byte-order mark', '\ufeffa = 1\n', 'byte-order mark'],
    ['a deep bomb', `a = ${'['.repeat(50_000)}`, 'nested too deeply'],
    ['more than a mebibyte', '#'.repeat(MEBIBYTE + 1), `more than ${MEBIBYTE} bytes`],
  ])('%s', (_, bytes, why) => {
    expect(written(bytes)).toMatchObject({ state: 'unusable', why: expect.stringContaining(why) });
  });

  it.each<[string, (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path])],
    ['a device without an end', (path) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
  ])('%s', (_, make) => {
    const path = join(temporaryDirectory(), 'config.toml');
    make(path);
    expect(readConfigFile('user', path)).toMatchObject({ state: 'unusable', path, why: expect.stringMatching(/./) });
  });

  it('a directory that may not be entered, unless root reads it', () => {
    const directory = join(temporaryDirectory(), 'locked');
    mkdirSync(directory);
    writeFileSync(join(directory, 'config.toml'), '');
    chmodSync(directory, 0);
    const file = readConfigFile('user', join(directory, 'config.toml'));
    chmodSync(directory, 0o700);
    if (process.getuid?.() === 0) expect(file.state).toBe('read');
    else expect(file).toMatchObject({ state: 'unusable', why: expect.stringContaining('EACCES') });
  });
});

it('exactly a mebibyte is read', () => {
  expect(written('#'.repeat(MEBIBYTE)).state).toBe('read');
});

it('a link to a file is followed, as dotfiles are kept', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'real'), 'a = 1\n');
  symlinkSync(join(directory, 'real'), join(directory, 'link'));
  expect(readConfigFile('user', join(directory, 'link')).state).toBe('read');
});

it.each([
  '__proto__ = 1\n[kv_cache]\n__proto__ = { long_poll_seconds = 7 }\n',
  '[__proto__]\nlong_poll_seconds = 7\n',
  '[constructor.prototype]\nlong_poll_seconds = 7\n',
  `${'a.'.repeat(100_000)}b = 1\n`,
  Array.from({ length: 50_000 }, (_, i) => `k${i} = ${i}\n`).join(''),
])('nothing of a hostile text (%#) reaches a prototype', (text) => {
  const file = written(text);
  expect(['read', 'unusable']).toContain(file.state);
  expect(({} as Record<string, unknown>)['long_poll_seconds']).toBeUndefined();
  if (file.state === 'read') expect(ownValue(ownValue(file.table, 'kv_cache'), 'long_poll_seconds')).toBeUndefined();
});

describe('files are looked for', () => {
  it('in the project, then of the user', () => {
    const { env, project } = temporaryWorld();
    expect(readConfigFiles({ env, project })).toEqual([
      { scope: 'project', state: 'absent', path: join(project, '.csa/config.toml') },
      { scope: 'user', state: 'absent', path: `${env['XDG_CONFIG_HOME']}/cli-sub-agent/config.toml` },
    ]);
  });

  it('nowhere, where there is no current directory and no home', () => {
    const files = readConfigFiles({ env: { HOME: 'relative' }, project: undefined });
    expect(files.map(({ scope, state }) => [scope, state])).toEqual([
      ['project', 'nowhere'],
      ['user', 'nowhere'],
    ]);
  });
});
