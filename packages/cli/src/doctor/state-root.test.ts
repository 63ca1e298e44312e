import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateRoots } from '@csa/session';
import { temporaryWorld } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Disk,
  judgeStateRoot,
  type Place,
  type StateRootFacts,
  stateRootFacts,
  trialParent,
} from './state-root.ts';

const LOCAL = { name: 'ext4', kind: 'local' } as const;
const ROOM: Disk = { fileSystem: LOCAL, freeBytes: 2 ** 40, freeInodes: 1_000_000 };
const THERE: Place = { kind: 'there', access: 'ok', owner: 7, mode: 0o40700, uid: 7 };
const WELL: StateRootFacts = { path: '/s t', chosenBy: 'home', ignored: undefined, place: THERE, disk: ROOM };

function found(facts: Partial<StateRootFacts>): string[] {
  return judgeStateRoot({ ...WELL, ...facts })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, finding }) => `${level}: ${finding}`);
}

describe('the place', () => {
  it.each<[Place, readonly string[]]>([
    [THERE, []],
    [{ kind: 'absent', above: '/', access: 'ok' }, []],
    [
      { kind: 'absent', above: '/', access: 'EROFS' },
      ['problem: /s t (below the home directory) cannot be made: EROFS'],
    ],
    [{ kind: 'no directory' }, ['problem: /s t (below the home directory) is no directory']],
    [{ kind: 'error', code: 'ELOOP' }, ['cannot be looked at: ELOOP']],
    [{ ...THERE, access: 'EROFS' }, ['problem: /s t (below the home directory) cannot be written: EROFS']],
    [{ ...THERE, mode: 0o40777 }, ['warning: others may write']],
    [{ ...THERE, mode: 0o40720 }, ['warning: others may write']],
    [{ ...THERE, mode: 0o40755 }, []],
    [{ ...THERE, owner: 8 }, ['note: the state root belongs to uid 8']],
  ])('%o: %j', (place, expected) => {
    expect(found({ place })).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it('of ours that may not be written has a command that runs as printed', () => {
    const command = (place: Place) => judgeStateRoot({ ...WELL, place })[0]?.command;
    expect(command({ ...THERE, access: 'EACCES' })).toBe("chmod u+rwx '/s t'");
    expect(command({ ...THERE, access: 'EACCES', owner: 8 })).toBeUndefined();
    expect(command({ ...THERE, access: 'EROFS' })).toBeUndefined();
  });
});

it('an XDG_STATE_HOME that does not count is a warning', () => {
  expect(found({ ignored: 'relative' })).toEqual([expect.stringContaining('warning: XDG_STATE_HOME=relative')]);
});

it.each<[Partial<Disk>, readonly string[]]>([
  [{}, []],
  [{ freeInodes: undefined }, []],
  [{ freeBytes: 0 }, ['problem: the disk is full']],
  [{ freeBytes: 10 * 2 ** 20 }, ['warning: only 10 MiB free']],
  [{ freeInodes: 0 }, ['problem: no inode is free']],
  [{ freeInodes: 3 }, ['warning: only 3 inodes']],
  [{ freeBytes: 0, freeInodes: 0 }, ['problem: the disk is full', 'problem: no inode']],
])('a disk with %o: %j', (disk, expected) => {
  expect(found({ disk: { ...ROOM, ...disk } })).toEqual(expected.map((text) => expect.stringContaining(text)));
});

it('of a disk that cannot be asked nothing is said', () => {
  expect(judgeStateRoot({ ...WELL, disk: undefined })).toHaveLength(1);
});

describe('a real one', () => {
  it('that does not exist yet is tried out in the nearest directory that does', () => {
    const world = temporaryWorld();
    const facts = stateRootFacts(stateRoots(world.env), world.env);
    expect(facts).toMatchObject({ path: world.stateRoot, chosenBy: 'XDG_STATE_HOME', place: { kind: 'absent' } });
    expect(trialParent(facts)).toBe(world.home);
    expect(facts.disk?.freeBytes).toBeGreaterThan(0);
  });

  it('that exists is tried out itself', () => {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true });
    chmodSync(world.stateRoot, 0o700);
    const facts = stateRootFacts(stateRoots(world.env), world.env);
    expect(facts.place).toMatchObject({ kind: 'there', access: 'ok', mode: 0o40700 });
    expect(trialParent(facts)).toBe(world.stateRoot);
  });

  it('that is a file, or stands below one, is not', () => {
    const world = temporaryWorld();
    mkdirSync(dirname(world.stateRoot), { recursive: true });
    writeFileSync(world.stateRoot, '');
    onTestFinished(() => rmSync(world.stateRoot));
    const facts = stateRootFacts(stateRoots(world.env), world.env);
    expect([facts.place, trialParent(facts)]).toEqual([{ kind: 'no directory' }, undefined]);
    const below = stateRootFacts({ primary: join(world.stateRoot, 'x'), legacy: '/none', isDefault: true }, world.env);
    expect([below.place, trialParent(below)]).toEqual([{ kind: 'error', code: 'ENOTDIR' }, undefined]);
  });
});
