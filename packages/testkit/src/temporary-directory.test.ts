import { chmodSync, existsSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeTree, temporaryDirectory } from './temporary-directory.ts';

describe('a temporary directory', () => {
  let previous = '';

  it('is new, private and a real path', () => {
    previous = temporaryDirectory();
    expect(realpathSync(previous)).toBe(previous);
    expect(statSync(previous).mode & 0o777).toBe(0o700);
    expect(temporaryDirectory()).not.toBe(previous);
    mkdirSync(join(previous, 'locked'));
    writeFileSync(join(previous, 'locked/file'), '');
    chmodSync(join(previous, 'locked'), 0o500);
  });

  it('is gone after its test, read-only parts included', () => {
    expect(previous).not.toBe('');
    expect(existsSync(previous)).toBe(false);
  });
});

it('removes a tree without touching what its links point at', () => {
  const base = temporaryDirectory();
  const outside = join(base, 'outside');
  mkdirSync(outside, { mode: 0o500 });
  mkdirSync(join(base, 'tree/unreadable'), { recursive: true });
  chmodSync(join(base, 'tree/unreadable'), 0);
  symlinkSync(outside, join(base, 'tree/link'));
  removeTree(join(base, 'tree'));
  expect(existsSync(join(base, 'tree'))).toBe(false);
  expect(statSync(outside).mode & 0o777).toBe(0o500);
  removeTree(join(base, 'never-there'));
});
