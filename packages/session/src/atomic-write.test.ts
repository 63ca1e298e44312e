import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { writeAtomically, writeDurably } from './atomic-write.ts';
import { afterShell, answerOf, namespace, runModule, withoutOverride } from './sessions.test.fixture.ts';

test('a file is written whole, for its owner alone, and nothing else stays', () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'file');
  const text = 'é'.repeat(100_000);
  writeAtomically(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
  writeAtomically(path, 'short');
  expect(readFileSync(path, 'utf8')).toBe('short');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['file']);
});

test('a file that others could read is private once replaced', () => {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, 'old');
  chmodSync(path, 0o644);
  writeAtomically(path, 'new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a symbolic link is replaced, not followed', () => {
  const directory = temporaryDirectory();
  const target = join(directory, 'target');
  writeFileSync(target, 'untouched');
  symlinkSync('target', join(directory, 'link'));
  writeAtomically(join(directory, 'link'), 'new');
  expect(readFileSync(target, 'utf8')).toBe('untouched');
  expect(readFileSync(join(directory, 'link'), 'utf8')).toBe('new');
});

test('what fails leaves no temporary file', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'busy'));
  writeFileSync(join(directory, 'busy', 'inside'), '');
  expect(() => writeAtomically(join(directory, 'busy'), 'x')).toThrow('EISDIR');
  expect(readdirSync(directory)).toEqual(['busy']);
});

test('a new file takes the place of nothing', () => {
  const directory = temporaryDirectory();
  writeDurably(join(directory, 'a'), 'first');
  symlinkSync('elsewhere', join(directory, 'b'));
  expect(() => writeDurably(join(directory, 'a'), 'second')).toThrow('EEXIST');
  expect(() => writeDurably(join(directory, 'b'), 'second')).toThrow('EEXIST');
  expect(readdirSync(directory).sort()).toEqual(['a', 'b']);
});

test('a reader sees the old text or the new one, never a part', async () => {
  const path = join(temporaryDirectory(), 'file');
  const texts = ['a', 'b'].map((letter) => letter.repeat(200_000));
  writeAtomically(path, texts[0] ?? '');
  const module = `
    import { writeAtomically } from 'SRC/atomic-write.ts';
    for (let i = 0; i < 200; i += 1) writeAtomically(process.argv[1], (i % 2 ? 'a' : 'b').repeat(200_000));`;
  let running = true;
  const ended = runModule(module, { args: [path] }).finally(() => {
    running = false;
  });
  while (running) {
    expect(texts).toContain(readFileSync(path, 'utf8'));
    await new Promise(setImmediate);
  }
  expect((await ended).code).toBe(0);
});

test('a full disk leaves the old file and no debris', async () => {
  const directory = temporaryDirectory();
  const module = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { writeAtomically, writeDurably } from 'SRC/atomic-write.ts';
    const [directory] = process.argv.slice(1);
    writeAtomically(directory + '/file', 'old');
    let codes = [];
    const huge = process.argv[2] === 'full' ? 'x'.repeat(200_000) : '';
    for (const write of [() => writeAtomically(directory + '/file', huge), () => writeDurably(directory + '/new', huge)]) {
      try { write(); codes.push(''); } catch (error) { codes.push(error.code); }
    }
    console.log(JSON.stringify([codes, readdirSync(directory), readFileSync(directory + '/file', 'utf8')]));`;
  const isolated = namespace();
  const mount = afterShell(`mount -t tmpfs -o size=64k tmpfs ${directory}`);
  const through = isolated === undefined ? [] : [...isolated, ...mount];
  const answer = await answerOf(module, { args: [directory, isolated === undefined ? 'free' : 'full'], through });
  expect(answer).toEqual(
    isolated === undefined ? [['', ''], ['file', 'new'], ''] : [['ENOSPC', 'ENOSPC'], ['file'], 'old'],
  );
});

test('a directory that can be written but not opened is no reason to call a written file unwritten', async () => {
  const directory = temporaryDirectory();
  const module = `
    import { chmodSync, readFileSync } from 'node:fs';
    import { writeAtomically } from 'SRC/atomic-write.ts';
    const [directory] = process.argv.slice(1);
    chmodSync(directory, 0o300);
    writeAtomically(directory + '/file', 'new');
    chmodSync(directory, 0o700);
    console.log(JSON.stringify(readFileSync(directory + '/file', 'utf8')));`;
  expect(await answerOf(module, { args: [directory], through: withoutOverride() })).toBe('new');
});
