import { spawnSync } from 'node:child_process';
import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, testNode } from '@csa/testkit';
import { expect, test } from 'vitest';
import { makeDirectory } from './make-directory.ts';

const NAMESPACE = ['--user', '--map-root-user', '--mount'];
const READ_ONLY = 'mount -t tmpfs -o ro tmpfs "$0"; exec "$@"';

test('makes what is missing for this user alone, and leaves what is there', () => {
  const root = temporaryDirectory();
  chmodSync(root, 0o755);
  for (const _ of [1, 2]) makeDirectory(join(root, 'a/b/c'));
  const modes = ['', 'a', 'a/b/c'].map((path) => statSync(join(root, path)).mode & 0o777);
  expect(modes).toEqual([0o755, 0o700, 0o700]);
});

test('says what is in the way', () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'file'), '');
  symlinkSync('/nonexistent/place', join(root, 'dangling'));
  expect(() => makeDirectory(join(root, 'file/a'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  expect(() => makeDirectory(join(root, 'dangling/a'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test.runIf(spawnSync('unshare', [...NAMESPACE, 'true']).status === 0)('a disk that is read-only is called so', () => {
  const script = `
    import { makeDirectory } from ${JSON.stringify(join(import.meta.dirname, 'make-directory.ts'))};
    try { makeDirectory(process.argv[1] + '/a/b'); } catch (error) { console.log(error.code); }`;
  const node = [testNode(), '--input-type=module', '--eval', script, '--'];
  const root = temporaryDirectory();
  const { stdout } = spawnSync('unshare', [...NAMESPACE, 'sh', '-c', READ_ONLY, root, ...node, root], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('EROFS\n');
});
