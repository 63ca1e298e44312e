import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { builtCsa, csa, runCsa, testNode } from './csa.ts';
import { temporaryWorld } from './temporary-world.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** Let a shell script stand where Node does; its first argument is the path of the built csa. */
function worldWithScript(script: string): World {
  const world = temporaryWorld();
  const path = join(world.home, 'node');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('CSA_TEST_NODE', path);
  onTestFinished(() => void vi.unstubAllEnvs());
  return world;
}

it('is run by CSA_TEST_NODE, else by the Node of the test', () => {
  vi.stubEnv('CSA_TEST_NODE', undefined);
  expect(testNode()).toBe(process.execPath);
  vi.stubEnv('CSA_TEST_NODE', '/opt/node');
  expect(testNode()).toBe('/opt/node');
  vi.unstubAllEnvs();
  expect(existsSync(builtCsa)).toBe(true);
});

it('gives the built csa its arguments, the project and the clean environment', async () => {
  const world = worldWithScript('printf "%s\\n" "$@" "$PWD" "$HOME" "$EXTRA" "$LANG"; echo words >&2; exit 3');
  const result = await runCsa(['a b', ''], { world, env: { EXTRA: 'more', LANG: undefined } });
  expect(result).toEqual({
    code: 3,
    signal: null,
    stdout: [builtCsa, 'a b', '', world.project, world.home, 'more', '', ''].join('\n'),
    stderr: 'words\n',
  });
});

it('runs elsewhere and is given text on stdin', async () => {
  const world = worldWithScript('pwd; cat');
  expect((await runCsa([], { world, cwd: world.home, stdin: 'tëxt' })).stdout).toBe(`${world.home}\ntëxt`);
  expect((await runCsa([], { world })).stdout).toBe(`${world.project}\n`);
});

it('does not mind a program that leaves its stdin unread', async () => {
  const world = worldWithScript('exit 0');
  expect((await runCsa([], { world, stdin: 'x'.repeat(1 << 20) })).code).toBe(0);
});

it('shows what was printed so far, and passes signals on', async () => {
  const world = worldWithScript('echo started; exec sleep 600');
  const running = csa([], { world });
  await until(() => running.stdout() === 'started\n', 'the first line');
  running.kill('SIGINT');
  expect(await running.ended).toEqual({ code: null, signal: 'SIGINT', stdout: 'started\n', stderr: '' });
});

it('says when the program can not be started', () => {
  vi.stubEnv('CSA_TEST_NODE', '/nowhere/node');
  onTestFinished(() => void vi.unstubAllEnvs());
  const world = temporaryWorld();
  expect(() => csa([], { world })).toThrow('/nowhere/node could not be started');
});
