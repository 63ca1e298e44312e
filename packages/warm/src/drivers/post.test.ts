import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const INDEX = new URL('../index.ts', import.meta.url).href;
const SCRIPT = `await import(${JSON.stringify(INDEX)});
console.log(process.moduleLoadList.filter((name) => /^NativeModule (http|https|tls)$/.test(name)).join());
await import('node:https');
console.log(process.moduleLoadList.includes('NativeModule tls'));`;

// A process that closes what it has inherited would take the descriptor from the thread that reads them.
test('whoever sends nothing has no certificates read', () => {
  const words = ['--conditions=csa-source', '--no-warnings', '--input-type=module', '-e', SCRIPT];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('\ntrue\n');
});
