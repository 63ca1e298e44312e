import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  builtCsa,
  csa,
  hashTree,
  materialize,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { answerOf, waitFor } from './answer.ts';
import { gated, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, shell } from './program.ts';
import { csaOnTerminal } from './pty.ts';

const CAP = ['--cap', '60s'];

function projectFolder(world: World): string {
  return dirname(dirname(sessionDirectory(world, 'x')));
}

function marks(world: World): string[] {
  const place = join(projectFolder(world), '.brief/collected');
  return existsSync(place) ? readdirSync(place).sort() : [];
}

/** The sessions with a mark, each as often as it has one. */
function collected(world: World): string[] {
  return marks(world).map((name) => name.slice(0, 26));
}

/** A session that has ended, its supervisor gone, and whose end nobody has seen. */
async function ended(world: World, script = 'exit 0'): Promise<string> {
  const id = await startGated(world, script);
  const supervisor = supervisorPid(world, id);
  openGate(world);
  await until(() => !isRunning(supervisor), 'the supervisor to leave');
  return id;
}

/** One whose supervisor was killed, and recorded nothing. */
async function dead(world: World): Promise<string> {
  const id = await startGated(world);
  process.kill(supervisorPid(world, id), 'SIGKILL');
  return id;
}

function line(...words: string[]): string {
  return [testNode(), builtCsa, 'session', ...words].map((word) => `"${word}"`).join(' ');
}

describe('an end counts as collected once it was shown by', () => {
  const SHOWING: ReadonlyArray<[string, (id: string) => string[], number]> = [
    ['a wait', (id) => ['wait', id], 3],
    ['a wait that answers with a document', (id) => ['wait', id, '--json'], 3],
    ['one look', (id) => ['wait', id, '--cap', '0'], 3],
    ['a result', (id) => ['result', id], 0],
    ['a result as a document', (id) => ['result', id, '--json'], 0],
    ['its summary', (id) => ['result', id, '--summary'], 0],
    ['an attach', (id) => ['attach', id], 3],
    ['a wait for several', (id) => ['wait', id, id, '--any'], 3],
  ];
  it.each(SHOWING)('%s', async (_, words, code) => {
    const world = temporaryWorld();
    const id = await ended(world, 'echo done; exit 3');
    const before = hashTree(sessionDirectory(world, id));
    const shown = await runCsa(['session', ...words(id)], { world });
    expect([shown.code, collected(world)], shown.stderr).toEqual([code, [id]]);
    const [first] = marks(world);
    await runCsa(['session', ...words(id)], { world });
    expect(marks(world)).toEqual([first]);
    expect(hashTree(sessionDirectory(world, id)), 'nothing is made inside of the session').toBe(before);
  });

  it('all of these as one end, and for its owner alone', async () => {
    const world = temporaryWorld();
    const id = await ended(world, 'exit 3');
    for (const [, words] of SHOWING) await runCsa(['session', ...words(id)], { world });
    expect(collected(world)).toEqual([id]);
    const folder = join(projectFolder(world), '.brief');
    const modes = [folder, `${folder}/collected`, `${folder}/collected/${marks(world)[0]}`].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  it('a start that waits', async () => {
    const world = temporaryWorld();
    const { code, stdout } = await runCsa(['session', 'start', '--wait', '--', 'sh', '-c', 'exit 3'], { world });
    expect([code, collected(world)]).toEqual([3, [/ session=(\w+)/.exec(stdout)?.[1]]]);
  });

  it('an attach on a terminal, followed to the end', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const attached = csaOnTerminal(`attach ${id}`, { world });
    await until(() => attached.text().includes('Ctrl-C leaves it alone'), 'the status line');
    expect(collected(world)).toEqual([]);
    openGate(world);
    expect([await attached.ended, collected(world)]).toEqual([0, [id]]);
  });

  it('a wait that ends with 124: dead with nothing recorded', async () => {
    const world = temporaryWorld();
    const id = await dead(world);
    expect((await runCsa(['session', 'result', id], { world })).code).toBe(125);
    expect(collected(world)).toEqual([]);
    expect((await waitFor([id, ...CAP], { world })).code).toBe(124);
    expect(collected(world)).toEqual([id]);
  });

  it('a wait that waited for it, before its reader goes on', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const waiter = csa(['session', 'wait', id, ...CAP, '--heartbeat', '1s'], { world });
    await until(() => waiter.stderr().includes('waiting'), 'a heartbeat');
    openGate(world);
    expect([answerOf(await waiter.ended).code, collected(world)]).toEqual([0, [id]]);
  });
});

describe('an end does not count as collected by', () => {
  it.each<[string, (id: string) => string[]]>([
    ['a list', () => ['list']],
    ['a list as a document', () => ['list', '--json']],
    ['a status', (id) => ['status', id]],
    ['logs', (id) => ['logs', id]],
    ['logs that are followed to the end', (id) => ['logs', id, '--follow', '--exit-code']],
    ['events', () => ['events']],
    ['a turn of warming', (id) => ['warm', id]],
    ['is-alive', (id) => ['is-alive', id]],
    ['the help of a wait', (id) => ['wait', id, '--help']],
    ['a wait with wrong words', (id) => ['wait', id, '--cap', 'never']],
    ['a doctor', () => ['../doctor']],
  ])('%s', async (_, words) => {
    const world = temporaryWorld();
    const id = await ended(world);
    const argv = words(id);
    await runCsa(argv[0] === '../doctor' ? ['doctor'] : ['session', ...argv], { world });
    expect(collected(world)).toEqual([]);
  });

  it('a wait or a result whose session is alive', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const codes = [];
    for (const words of [
      ['wait', id, '--cap', '0'],
      ['wait', id, '--cap', '0', '--json'],
      ['result', id],
    ]) {
      codes.push((await runCsa(['session', ...words], { world })).code);
    }
    expect([codes, collected(world)]).toEqual([[0, 0, 125], []]);
  });

  it.each([
    ['a wait', 'wait', ['--heartbeat', '1s']],
    ['an attach', 'attach', []],
  ])('%s that was interrupted', async (_, verb, flags) => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', `echo here; ${gated('exit 0')}`], { world });
    const waiter = csa(['session', verb, id, ...flags], { world });
    await until(() => /waiting|here/.test(waiter.stdout() + waiter.stderr()), 'it to be at work');
    waiter.kill('SIGTERM');
    expect([(await waiter.ended).code, collected(world)]).toEqual([143, []]);
  });

  it.each(['wait ID', 'wait ID --json', 'wait ID ID', 'result ID', 'result ID --json', 'attach ID'])(
    '%s whose answer was not read or could not be written',
    async (words) => {
      const world = temporaryWorld();
      const id = await ended(world, 'echo printed; exit 3');
      const typed = line(...words.replaceAll('ID', id).split(' '));
      await shell(`${typed} >/dev/full`, { world });
      expect(collected(world)).toEqual([]);
      await shell(`{ trap '' PIPE; while echo; do :; done; ${typed}; } 2>/dev/null | :`, { world });
      expect(collected(world)).toEqual([]);
    },
  );

  it('a session whose records say nothing that can be told', async () => {
    const fixture = materialize('14-legacy-pid-only-unrelated-live');
    const other = materialize('07-alive-daemon');
    await waitFor([other.session, '--cap', '0'], { world: other.world });
    expect(collected(other.world)).toEqual([]);
    expect((await waitFor([fixture.session, ...CAP], { world: fixture.world })).code).toBe(124);
    expect(collected(fixture.world)).toEqual([fixture.session]);
  });
});

describe('of several', () => {
  it('those are collected that the answer names as ended, also while others live', async () => {
    const world = temporaryWorld();
    const alive = await startGated(world);
    const fine = await startJob(['true'], { world });
    const killed = await startJob(['sleep', '60'], { world });
    process.kill(supervisorPid(world, killed), 'SIGKILL');
    await until(() => existsSync(join(sessionDirectory(world, fine), 'daemon-completion.toml')), 'the end');
    const { code, stdout } = await runCsa(['session', 'wait', alive, fine, '--cap', '0'], { world });
    expect([code, stdout.includes('KV_WARM'), collected(world)]).toEqual([0, true, [fine]]);
    const all = await runCsa(['session', 'wait', alive, fine, killed, '--cap', '1s'], { world });
    expect([all.code, collected(world)]).toEqual([124, [fine, killed].sort()]);
  });

  it('those with a label, and with --any the one that it names', async () => {
    const world = temporaryWorld();
    const flags = ['--label', 'part=1'];
    const ids = [await startJob(['true'], { world }, flags), await startJob(['true'], { world }, flags)];
    const { code } = await runCsa(['session', 'wait', '--label', 'part=1', ...CAP], { world });
    expect([code, collected(world)]).toEqual([0, ids.toSorted()]);
  });

  it('those that were only counted are not', async () => {
    const world = temporaryWorld();
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1) ids.push(await startJob(['true'], { world }));
    const { code, stdout } = await runCsa(['session', 'wait', ...ids, ...CAP], { world });
    const named = [...stdout.matchAll(/SESSION_RESULT session=(\w+)/g)].map((match) => String(match[1]));
    expect([code, named.length < 20, collected(world)]).toEqual([0, true, named.toSorted()]);
    await runCsa(['session', 'wait', ...ids, '--json'], { world });
    expect(collected(world)).toEqual(ids.toSorted());
  }, 60_000);
});

describe('a foreign session', () => {
  it('that stands for another is collected together with it', async () => {
    const { session, world } = materialize('17-resume-alias');
    expect((await waitFor([session, ...CAP], { world })).code).toBe(0);
    expect(collected(world)).toEqual([session, '01M0F6FRT0BVXME2PE9N4YX1X9'].sort());
  });

  it('that was resumed and has ended otherwise is not collected any more', async () => {
    const { session, dir, world } = materialize('02-finished-failure-exit3');
    await waitFor([session, ...CAP], { world });
    const [before] = marks(world);
    const path = join(dir, 'result.toml');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/^completed_at = .*$/m, 'completed_at = "2026-09-01T00:00:00Z"'),
    );
    await waitFor([session, ...CAP], { world });
    expect(collected(world)).toEqual([session, session]);
    expect(marks(world)).toContain(before);
  });
});

describe('a session', () => {
  it('outside of both state roots has no mark, and nothing is made beside it', async () => {
    const world = temporaryWorld();
    const id = await ended(world);
    const elsewhere = join(world.home, 'elsewhere/sessions');
    mkdirSync(elsewhere, { recursive: true });
    renameSync(sessionDirectory(world, id), join(elsewhere, id));
    const before = readdirSync(world.home, { recursive: true, encoding: 'utf8' }).sort();
    expect((await waitFor(['--dir', join(elsewhere, id)], { world })).code).toBe(0);
    expect(readdirSync(world.home, { recursive: true, encoding: 'utf8' }).sort()).toEqual(before);
  });

  it('that is named by its directory has one, also where the state root is reached through a link', async () => {
    const world = temporaryWorld();
    const id = await ended(world);
    const state = join(world.home, '.local/state');
    renameSync(state, join(world.home, 'moved'));
    expect((await shell(`ln -s "${world.home}/moved" "${state}"`, { world })).code).toBe(0);
    expect((await waitFor(['--dir', sessionDirectory(world, id)], { world })).code).toBe(0);
    expect(collected(world)).toEqual([id]);
  });

  it('of the older place has one in the newer, which is made for it', async () => {
    const world = temporaryWorld();
    const id = await ended(world);
    const legacy = join(world.home, '.local/state/csa');
    renameSync(world.stateRoot, legacy);
    expect((await waitFor([id], { world })).code).toBe(0);
    expect(collected(world)).toEqual([id]);
    expect(readdirSync(projectFolder(world))).toEqual(['.brief']);
    expect(statSync(world.stateRoot).mode & 0o777).toBe(0o700);
  });
});

describe('a state root that cannot be written', () => {
  const DENIED =
    process.getuid?.() === 0
      ? 'setpriv --bounding-set -dac_override,-dac_read_search,-fowner --inh-caps -dac_override,-dac_read_search,-fowner '
      : '';

  it.each(['wait ID', 'wait ID --json', 'wait ID ID', 'result ID', 'attach ID'])(
    'changes nothing of the answer of %s',
    async (words) => {
      const world = temporaryWorld();
      const id = await ended(world, 'exit 3');
      const typed = line(...words.replaceAll('ID', id).split(' '));
      const stable = (text: string): string => text.replace(/elapsed(?:_ms)?["=:]+\d+s?/g, 'elapsed');
      chmodSync(projectFolder(world), 0o500);
      const forbidden = await shell(`${DENIED}${typed}`, { world });
      expect(marks(world)).toEqual([]);
      chmodSync(projectFolder(world), 0o700);
      writeFileSync(join(projectFolder(world), '.brief'), 'in the way');
      const blocked = await shell(typed, { world });
      expect(readFileSync(join(projectFolder(world), '.brief'), 'utf8')).toBe('in the way');
      renameSync(join(projectFolder(world), '.brief'), join(world.home, 'away'));
      const allowed = await shell(typed, { world });
      expect(collected(world)).toEqual([id]);
      for (const one of [forbidden, blocked]) {
        expect([one.code, stable(one.stdout), one.stderr]).toEqual([
          allowed.code,
          stable(allowed.stdout),
          allowed.stderr,
        ]);
      }
    },
  );
});

it('a clean-up forgets what was collected of the sessions that it removes, and of those that are gone', async () => {
  const world = temporaryWorld();
  const [removed, gone, kept] = [await ended(world), await ended(world), await ended(world)];
  await runCsa(['session', 'wait', removed, gone, kept], { world });
  expect(collected(world)).toEqual([removed, gone, kept].sort());
  renameSync(sessionDirectory(world, gone), join(world.home, gone));
  await runCsa(['session', 'gc', '--older-than', '0', '--keep', '1', '--dry-run'], { world });
  expect(collected(world)).toHaveLength(3);
  expect((await runCsa(['session', 'gc', '--older-than', '0', '--keep', '1'], { world })).code).toBe(0);
  expect(collected(world)).toEqual([kept]);
  expect((await runCsa(['session', 'gc', '--older-than', '0', '--all-projects'], { world })).code).toBe(0);
  expect(collected(world)).toEqual([]);
});
