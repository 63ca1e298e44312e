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
import { type CutOff, cutOffRemoval, finishRemoval, type HeldCheck, removeSession, removeTree } from './remove.ts';
import type { Session } from './session.ts';
import { newSessionId } from './session-id.ts';
import { answerOf, emptySession, runModule, withoutOverride } from './sessions.test.fixture.ts';

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

/** All that is in a session which stands under its own name. */
function contentOf({ directory }: Session): string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

/** Removes the session that its words name. */
const REMOVE = `
  import { removeSession } from 'SRC/remove.ts';
  import { openSessionDirectory } from 'SRC/session.ts';
  const [directory, id] = process.argv.slice(1);
  console.log(JSON.stringify(await removeSession(openSessionDirectory(directory, id), async () => false)));
`;

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
  const removeUnprivileged = (made: Session) =>
    answerOf(REMOVE, { args: [made.directory, made.id], through: withoutOverride() });

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

describe('a removal that is killed', () => {
  /** What a SIGKILL at the nth call leaves, once somebody who finds the session held has finished the removal. */
  async function leftBy(call: string, nth: number) {
    const made = session();
    for (const name of ['result.toml', 'daemon-completion.toml']) writeFileSync(join(made.directory, name), name);
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
    const through = ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];
    const { signal } = await runModule(REMOVE, { args: [made.directory, made.id], through });
    for (const name of beside(made)) {
      const cut = cutOffRemoval(name);
      if (cut !== undefined) await finishRemoval({ ...cut, directory: join(dirname(made.directory), name) }, HELD);
    }
    return { signal, left: beside(made).length === 0 ? 'nothing' : contentOf(made).join(' ') };
  }

  it.each([
    ['renames it is all there', ['rename'], 'daemon-completion.toml output output/kept.txt result.toml'],
    ['removes what is in it never comes back', ['unlink', 'unlinkat', 'rmdir'], 'nothing'],
  ])('while it %s', async (_, calls, expected) => {
    const found: string[] = [];
    for (const call of calls) {
      for (let nth = 1; ; nth += 1) {
        const { signal, left } = await leftBy(call, nth);
        if (signal !== 'SIGKILL') break;
        found.push(left);
      }
    }
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found)).toEqual(new Set([expected]));
  });
});

describe('a removal that was cut off', () => {
  function cutOff(stage: CutOff['stage'] = 'whole') {
    const made = session();
    const name = `.${stage === 'whole' ? 'gone' : 'removing'}-${made.id}-0123456789ab`;
    const directory = join(dirname(made.directory), name);
    renameSync(made.directory, directory);
    return { made, gone: { id: made.id, directory, stage } };
  }

  it.each<CutOff['stage']>(['whole', 'begun'])('is finished when it was %s', async (stage) => {
    const { made, gone } = cutOff(stage);
    expect(await finishRemoval(gone, FREE)).toEqual({ kind: 'removed' });
    expect(beside(made)).toEqual([]);
    expect(await finishRemoval(gone, FREE)).toEqual({ kind: 'gone-already' });
  });

  it('is undone when somebody holds the session and it is whole', async () => {
    const { made, gone } = cutOff();
    expect(await finishRemoval(gone, HELD)).toEqual({ kind: 'held' });
    expect(beside(made)).toEqual([made.id]);
  });

  it('is never undone once something of the session may be missing, whoever holds it', async () => {
    const { made, gone } = cutOff('begun');
    expect(await finishRemoval(gone, HELD)).toEqual({ kind: 'removed' });
    expect(beside(made)).toEqual([]);
  });

  it('never replaces a session that has its name by now', async () => {
    const { made, gone } = cutOff();
    mkdirSync(join(made.directory, 'output'), { recursive: true });
    expect(await finishRemoval(gone, HELD)).toMatchObject({ kind: 'failed', path: gone.directory });
    expect(existsSync(join(gone.directory, 'output/kept.txt'))).toBe(true);
  });

  it.each<[string, CutOff['stage'] | undefined]>([
    [`.gone-${newSessionId()}-0123456789ab`, 'whole'],
    [`.removing-${newSessionId()}-0123456789ab`, 'begun'],
    [`.gone-${newSessionId()}`, undefined],
    ['.gone-01M0F77JH0BVPHYFAVF40A3GZ5-0123456789AB', undefined],
    ['.gone-81M0F77JH0BVPHYFAVF40A3GZ5-0123456789ab', undefined],
    ['.removing-81M0F77JH0BVPHYFAVF40A3GZ5-0123456789ab', undefined],
    ['.going-01M0F77JH0BVPHYFAVF40A3GZ5-0123456789ab', undefined],
    ['.git', undefined],
    [newSessionId(), undefined],
  ])('is known by its name: %s', (name, stage) => {
    expect(cutOffRemoval(name)?.stage).toBe(stage);
  });
});

it('a tree that is not there is removed', async () => {
  expect(await removeTree(join(temporaryDirectory(), 'absent'))).toEqual({ kind: 'removed' });
});
