import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('./starved.test.fixture.ts', import.meta.url));

test('without a descriptor left a driver says so, and a later try may do better', () => {
  const script = `ulimit -n 64; exec "$0" --conditions csa-source "$@"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, FIXTURE, FIXTURE], { encoding: 'utf8' });
  expect(stdout === '' ? stderr : JSON.parse(stdout)).toEqual({
    end: { kind: 'not-started', code: 'EMFILE' },
    reading: { kind: 'unreadable', code: 'EMFILE' },
  });
});
