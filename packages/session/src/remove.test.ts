import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { finishRemoval, goneSessionId, type HeldCheck, removeSession, removeTree } from './remove.ts';
import type { Session } from './session.ts';
import { newSessionId } from './session-id.ts';
import { answerOf, emptySession, withoutOverride } from './sessions.test.fixture.ts';

const FREE: HeldCheck = async () => false;
const HELD: HeldCheck = async () => true;

/** A session with something in it, beside nothing else. */
function session(): Session {
  const made = emptySession();
  mkdirSync(join(made.directory, 'output'));
  writeFileSync(join(made.directory, 'output', 'kept.txt'), 'kept');
  return made;
}

function beside({ directory }: Session): string[] {
  return readdirSync(dirname(directory));
}

describe('a session that is removed', () => {
  it('is gone as a whole', async () => {
    const made = session();
    expect(await removeSession(made, FREE)).toEqual({ kind: 'removed' });
    expect(beside(made)).toEqual([]);
  });

  it('stays to the letter when somebody holds it', async () => {
    const made = session();
    expect(await removeSession(made, HELD)).toEqual({ kind: 'held' });
    expect(beside(made)).toEqual([made.id]);
  });

  it('is put back when it came to life right before it was renamed away', async () => {
    const made = session();
    const places: string[] = [];
    const comesToLife: HeldCheck = async ({ directory }) => places.push(directory) > 1;
    expect(await removeSession(made, comesToLife)).toEqual({ kind: 'held' });
    expect(places[1]).toMatch(/\.gone-/);
    expect(beside(made)).toEqual([made.id]);
    expect(readFileSync(join(made.directory, 'output/kept.txt'), 'utf8')).toBe('kept');
  });

  it('was gone already when somebody else was faster', async () => {
    const made = session();
    const isTakenAway: HeldCheck = async () => {
      rmSync(made.directory, { recursive: true });
      return false;
    };
    expect(await removeSession(made, isTakenAway)).toEqual({ kind: 'gone-already' });
    expect(await removeSession(made, FREE)).toEqual({ kind: 'gone-already' });
  });

  it('is not another one that has taken its name', async () => {
    const made = session();
    const isReplaced: HeldCheck = async () => {
      renameSync(made.directory, `${made.directory}-other`);
      mkdirSync(made.directory);
      return false;
    };
    expect(await removeSession(made, isReplaced)).toEqual({ kind: 'gone-already' });
    expect(beside(made).sort()).toEqual([made.id, `${made.id}-other`]);
    expect(await removeSession(made, FREE)).toEqual({ kind: 'gone-already' });
    expect(existsSync(made.directory)).toBe(true);
  });

  it('of two who remove it is removed by one', async () => {
    const made = session();
    const both = await Promise.all([removeSession(made, FREE), removeSession(made, FREE)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['gone-already', 'removed']);
  });

  it('takes nothing along that it only points to', async () => {
    const outside = temporaryDirectory();
    writeFileSync(join(outside, 'precious'), 'precious');
    const made = session();
    symlinkSync(outside, join(made.directory, 'link'));
    symlinkSync(join(outside, 'precious'), join(made.directory, 'output', 'link'));
    expect(await removeSession(made, FREE)).toEqual({ kind: 'removed' });
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('precious');
  });
});

describe('without the rights of root', () => {
  const remove = `
    import { removeSession } from 'SRC/remove.ts';
    import { openSessionDirectory } from 'SRC/session.ts';
    const [directory, id] = process.argv.slice(1);
    console.log(JSON.stringify(await removeSession(openSessionDirectory(directory, id), async () => false)));
  `;
  const removeUnprivileged = (made: Session) =>
    answerOf(remove, { args: [made.directory, made.id], through: withoutOverride() });

  it('a directory that its owner may not write goes with the session', async () => {
    const made = session();
    mkdirSync(join(made.directory, 'output/cache/deep'), { recursive: true });
    chmodSync(join(made.directory, 'output/cache/deep'), 0o500);
    chmodSync(join(made.directory, 'output/cache'), 0o500);
    expect(await removeUnprivileged(made)).toEqual({ kind: 'removed' });
    expect(beside(made)).toEqual([]);
  });

  it('a session in a directory that cannot be written stays as it is', async () => {
    const made = session();
    chmodSync(dirname(made.directory), 0o500);
    expect(await removeUnprivileged(made)).toEqual({ kind: 'failed', code: 'EACCES', path: made.directory });
    expect(existsSync(join(made.directory, 'output/kept.txt'))).toBe(true);
  });
});

describe('a removal that was cut off', () => {
  function cutOff() {
    const made = session();
    const directory = join(dirname(made.directory), `.gone-${made.id}-0123456789ab`);
    renameSync(made.directory, directory);
    return { made, gone: { id: made.id, directory } };
  }

  it('is finished', async () => {
    const { made, gone } = cutOff();
    expect(await finishRemoval(gone, FREE)).toEqual({ kind: 'removed' });
    expect(beside(made)).toEqual([]);
    expect(await finishRemoval(gone, FREE)).toEqual({ kind: 'gone-already' });
  });

  it('is undone when somebody holds the session', async () => {
    const { made, gone } = cutOff();
    expect(await finishRemoval(gone, HELD)).toEqual({ kind: 'held' });
    expect(beside(made)).toEqual([made.id]);
  });

  it('never replaces a session that has its name by now', async () => {
    const { made, gone } = cutOff();
    mkdirSync(join(made.directory, 'output'), { recursive: true });
    expect(await finishRemoval(gone, HELD)).toMatchObject({ kind: 'failed', path: gone.directory });
    expect(existsSync(join(gone.directory, 'output/kept.txt'))).toBe(true);
  });

  it.each([
    [`.gone-${newSessionId()}-0123456789ab`, true],
    [`.gone-${newSessionId()}`, false],
    ['.gone-01M0F77JH0BVPHYFAVF40A3GZ5-0123456789AB', false],
    ['.gone-81M0F77JH0BVPHYFAVF40A3GZ5-0123456789ab', false],
    ['.git', false],
    [newSessionId(), false],
  ])('is known by its name: %s', (name, isOne) => {
    expect(goneSessionId(name) !== undefined).toBe(isOne);
  });
});

it('a tree that is not there is removed', async () => {
  expect(await removeTree(join(temporaryDirectory(), 'absent'))).toEqual({ kind: 'removed' });
});
