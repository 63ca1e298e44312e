import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashTree } from './hash-tree.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const WHEN = new Date('2026-01-02T03:04:05Z');

function tree(): string {
  const root = join(temporaryDirectory(), 'tree');
  mkdirSync(join(root, 'inner'), { recursive: true });
  writeFileSync(join(root, 'inner/file'), 'bytes');
  symlinkSync('inner/file', join(root, 'link'));
  execFileSync('mkfifo', [join(root, 'lifeline')]);
  for (const name of ['inner/file', 'inner', '.']) utimesSync(join(root, name), WHEN, WHEN);
  return root;
}

it('stays the same while a tree is only read', () => {
  const root = tree();
  const before = hashTree(root);
  readFileSync(join(root, 'inner/file'));
  expect(hashTree(root)).toBe(before);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
});

it.each<[string, (root: string) => void]>([
  ['bytes', (root) => rewrite(join(root, 'inner/file'), 'BYTES')],
  ['a time', (root) => utimesSync(join(root, 'inner/file'), WHEN, new Date(WHEN.getTime() + 1))],
  ['a mode', (root) => chmodSync(join(root, 'inner/file'), 0o600)],
  ['a name', (root) => quietly(join(root, 'inner'), () => renameSync(join(root, 'inner/file'), join(root, 'inner/f')))],
  ['a new entry', (root) => quietly(root, () => mkdirSync(join(root, 'new')))],
  ['an entry less', (root) => quietly(root, () => rmSync(join(root, 'lifeline')))],
  ['the time of the directory itself', (root) => utimesSync(root, WHEN, new Date())],
])('changes with %s', (_, change) => {
  const root = tree();
  const before = hashTree(root);
  change(root);
  expect(hashTree(root)).not.toBe(before);
});

it('takes a FIFO by its type, without waiting for a writer', () => {
  const root = tree();
  const before = hashTree(root);
  utimesSync(join(root, 'lifeline'), WHEN, WHEN);
  expect(hashTree(root)).toBe(before);
});

function rewrite(path: string, text: string): void {
  writeFileSync(path, text);
  utimesSync(path, WHEN, WHEN);
}

/** Change a directory's entries and leave its time as it was. */
function quietly(directory: string, change: () => void): void {
  change();
  utimesSync(directory, WHEN, WHEN);
}
