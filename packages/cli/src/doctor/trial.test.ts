import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { tryOut } from './trial.ts';

it('finds nothing wrong with an ordinary directory, and leaves nothing in it', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mine'), '');
  expect(await tryOut(directory)).toEqual({});
  expect(readdirSync(directory)).toEqual(['mine']);
});

it('says why no directory can be made', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'file'), '');
  expect(await tryOut(join(directory, 'file'))).toEqual({ directory: 'ENOTDIR' });
  expect(await tryOut(join(directory, 'none'))).toEqual({ directory: 'ENOENT' });
});

it('says that no lifeline is possible where mkfifo is missing, and the rest is tried', async () => {
  const path = process.env['PATH'];
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'empty'));
  process.env['PATH'] = join(directory, 'empty');
  const faults = await tryOut(directory);
  expect(faults).toEqual({ lifeline: expect.stringMatching(/mkfifo.*ENOENT|ENOENT.*mkfifo/) });
  expect(readdirSync(directory)).toEqual(['empty']);
});

it('several at the same time do not meet', async () => {
  const directory = temporaryDirectory();
  expect(await Promise.all(Array.from({ length: 5 }, () => tryOut(directory)))).toEqual([{}, {}, {}, {}, {}]);
  expect(readdirSync(directory)).toEqual([]);
});

it('removes what somebody else put there in between', async () => {
  const directory = temporaryDirectory();
  const trial = tryOut(directory);
  const [name = ''] = readdirSync(directory);
  execFileSync('mkfifo', [join(directory, name, 'planted')]);
  await trial;
  expect(readdirSync(directory)).toEqual([]);
});
