import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdLifeline } from '@csa/liveness';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newSessionId } from './session-id.ts';
import { isLifelineHeld, lastWriteTime, listLeftovers } from './unborn.ts';

describe('leftovers', () => {
  it('are what starts and removals leave, and nothing else', () => {
    const sessions = temporaryDirectory();
    const id = newSessionId();
    const unborn = `.new-${'0123456789abcdef'}`;
    const gone = `.gone-${id}-0123456789ab`;
    const removing = `.removing-${id}-0123456789ab`;
    for (const name of [id, unborn, gone, removing, '.git', '.new-short', '.new-0123456789ABCDEF', '.gone-x']) {
      mkdirSync(join(sessions, name));
    }
    writeFileSync(join(sessions, 'cooldown-marker.toml'), '');
    writeFileSync(join(sessions, '.new-fedcba9876543210'), '');
    symlinkSync('/etc', join(sessions, '.new-0000000000000000'));
    expect(listLeftovers(sessions)).toEqual([
      { kind: 'gone', name: gone, directory: join(sessions, gone), id, stage: 'whole' },
      { kind: 'unborn', name: unborn, directory: join(sessions, unborn) },
      { kind: 'gone', name: removing, directory: join(sessions, removing), id, stage: 'begun' },
    ]);
  });

  it('of a project without sessions are none', () => {
    expect(listLeftovers(join(temporaryDirectory(), 'absent'))).toEqual([]);
  });
});

describe('a lifeline', () => {
  it('is held as long as its holder lives', () => {
    const directory = temporaryDirectory();
    expect(isLifelineHeld(directory)).toBe(false);
    const lifeline = holdLifeline(join(directory, 'lifeline'));
    onTestFinished(() => lifeline.release());
    expect(isLifelineHeld(directory)).toBe(true);
    lifeline.release();
    expect(isLifelineHeld(directory)).toBe(false);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, '')],
    ['a link to a held one', (path: string) => symlinkSync('elsewhere', path)],
    ['a FIFO that nobody holds', (path: string) => spawnSync('mkfifo', [path])],
  ])('is not held where it is %s', (_, plant) => {
    const directory = temporaryDirectory();
    const lifeline = holdLifeline(join(directory, 'elsewhere'));
    onTestFinished(() => lifeline.release());
    plant(join(directory, 'lifeline'));
    expect(isLifelineHeld(directory)).toBe(false);
  });
});

it('the last write is the youngest of the directory and what is right below it, links not followed', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'old'), '');
  writeFileSync(join(directory, 'young'), '');
  symlinkSync('/proc/self', join(directory, 'link'));
  utimesSync(join(directory, 'old'), 1_000, 1_000);
  utimesSync(join(directory, 'young'), 4_000_000_000, 4_000_000_000);
  utimesSync(directory, 2_000, 2_000);
  expect(lastWriteTime(directory)).toBe(4_000_000_000_000);
  expect(() => lastWriteTime(join(directory, 'absent'))).toThrow('ENOENT');
});
