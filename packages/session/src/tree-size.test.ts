import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { treeSize } from './tree-size.ts';

it('counts what is on the disk, once, and nothing that is only pointed to', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'output'));
  const empty = treeSize(directory);
  writeFileSync(join(directory, 'output', 'log'), Buffer.alloc(1_000_000, 'x'));
  const one = treeSize(directory);
  expect(one - empty).toBeGreaterThanOrEqual(1_000_000);
  expect(one - empty).toBeLessThan(1_100_000);
  linkSync(join(directory, 'output', 'log'), join(directory, 'same'));
  symlinkSync('/usr', join(directory, 'link'));
  expect(treeSize(directory) - one).toBeLessThan(100_000);
});

it('of what is not there is nothing', () => {
  expect(treeSize(join(temporaryDirectory(), 'absent'))).toBe(0);
});
