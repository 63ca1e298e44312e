import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BriefPlaces, briefPlaces } from '@csa/brief';
import {
  builtCsa,
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
import { waitFor } from './answer.ts';
import { brief, hook, idsIn } from './brief-text.ts';
import { driverProgram, warmJson } from './heartbeat.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { isRunning, OWN_MOUNTS, program, run, shell } from './program.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const HOOK = `'${testNode()}' '${builtCsa}' session brief --hook`;

const placesOf = (world: World): BriefPlaces => briefPlaces(world.stateRoot, world.project);

/** A world with one session that nobody has collected. */
function told(): { world: World; id: string } {
  const world = temporaryWorld();
  const id = idAt(NOW, '');
  makeFinished(world, id, 4);
  return { world, id };
}

/** The same with its brief written. */
async function written(): Promise<{ world: World; id: string; places: BriefPlaces; text: string }> {
  const { world, id } = told();
  const { stderr } = await brief(world, '--refresh');
  expect(stderr).toMatch(/^csa: the brief was written, \d+ characters: /);
  const places = placesOf(world);
  return { world, id, places, text: readFileSync(places.payload, 'utf8') };
}

function rewriteSidecar({ sidecar }: BriefPlaces, changes: object): void {
  writeFileSync(sidecar, JSON.stringify({ ...JSON.parse(readFileSync(sidecar, 'utf8')), ...changes }));
}

describe('the hook ends with 0 and prints nothing', () => {
  it.each([
    ['where there is no state at all, and makes none', []],
    ['for a flag that it does not know', ['--nope']],
    ['for words that it does not know', ['now']],
    ['for a directory that is not there', ['--cd', '/no/such/place']],
    ['for a directory that is not said', ['--cd']],
    ['together with --json', ['--json']],
    ['together with --refresh', ['--refresh']],
    ['together with --all-projects', ['--all-projects']],
    ['together with --print-hook', ['--print-hook', 'claude']],
  ])('%s', async (_, flags) => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await brief(world, '--hook', ...flags);
    expect([code, stdout, stderr === '']).toEqual([0, '', flags.length === 0]);
    expect(readdirSync(world.home)).toEqual([]);
  });

  it('in oclif’s own spelling too', async () => {
    const { code, stdout, stderr } = await runCsa(['session:brief', '--hook', '--nope'], { world: temporaryWorld() });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('--nope');
  });

  it('where there is no home', async () => {
    const env = { HOME: 'nowhere', XDG_STATE_HOME: undefined };
    const { code, stdout, stderr } = await runCsa(['session', 'brief', '--hook'], { world: temporaryWorld(), env });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('reason=no-home');
  });

  it('where the state cannot be read', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.stateRoot, '..'), { recursive: true });
    symlinkSync('cli-sub-agent', world.stateRoot);
    const { code, stdout, stderr } = await brief(world, '--hook');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^csa: no brief: the sessions cannot be listed.*ELOOP/);
  });

  it('where the current directory is gone', async () => {
    const { world } = told();
    const { stdout, stderr } = await shell(`mkdir gone; cd gone; rmdir ../gone; ${HOOK}; echo "$?"`, { world });
    expect(stdout).toBe('0\n');
    expect(stderr).toContain('reason=invalid-directory');
  });

  it('with a Node that is too old', async () => {
    const { world } = told();
    const falseVersion = `data:text/javascript,${encodeURIComponent(
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })",
    )}`;
    for (const words of [['session', 'brief'], ['session:brief']]) {
      const argv = [testNode(), '--import', falseVersion, builtCsa, ...words, '--hook', '--json'] as const;
      const { code, stdout, stderr } = await run(argv, { world });
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr).toContain('too old');
    }
  });

  it('on a full disk', async () => {
    const { world } = told();
    expect((await shell(`${HOOK} >/dev/full; echo "$?"`, { world })).stdout).toBe('0\n');
  });

  it('to a reader that has gone', async () => {
    const { world } = told();
    const line = `{ ${HOOK}; echo "$?" >code; } | true; cat code`;
    expect((await shell(line, { world })).stdout).toBe('0\n');
  });
});

describe('the hook', () => {
  it('leaves its standard input alone, open, closed or full', async () => {
    const { world, id } = told();
    const silent = program(['sh', '-c', `sleep 60 | { ${HOOK}; echo "$?"; exec 0<&-; }`], { world });
    await until(() => silent.stdout().endsWith('\n0\n'), 'the hook to end', 30_000);
    process.kill(-silent.pid, 'SIGKILL');
    expect(idsIn(silent.stdout())).toEqual([id]);
    expect(idsIn((await shell(`${HOOK} <&-`, { world })).stdout)).toEqual([id]);
    const { stdout } = await shell(`printf 'one\ntwo\n' | { ${HOOK} >/dev/null; cat; }`, { world });
    expect(stdout).toBe('one\ntwo\n');
  });

  it('prints what is in the file as it is, and says so when asked', async () => {
    const { world, text } = await written();
    expect(await brief(world, '--hook')).toMatchObject({ stdout: text, stderr: '' });
    const { text: again, notes } = await hook(world);
    expect([again, notes]).toEqual([text, expect.stringMatching(/^cache-hit age=\d+s$/)]);
  });

  it('prints what was written of three hundred sessions, also once what was remembered of them was lost', async () => {
    const world = temporaryWorld();
    for (let i = 0; i < 300; i += 1) makeFinished(world, idAt(NOW - i, ''), 4);
    await brief(world, '--refresh');
    rmSync(join(placesOf(world).workshop, 'index.json'));
    expect((await brief(world, '--refresh')).stderr).toContain('says what it said before');
    const { text, notes } = await hook(world);
    expect([text, notes]).toEqual([
      readFileSync(placesOf(world).payload, 'utf8'),
      expect.stringMatching(/^cache-hit /),
    ]);
  });

  it('creates and changes nothing, and works where nothing can be written', async () => {
    const { world, text } = await written();
    const before = hashTree(world.home);
    expect((await hook(world)).text).toBe(text);
    expect((await hook(world, '--cd', world.home)).text).toBe('');
    expect(hashTree(world.home)).toEqual(before);
    const readOnly = `mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME" && rm -f "$HOME/x" && ${HOOK}`;
    const { code, stdout, stderr } = await run([...OWN_MOUNTS, 'sh', '-c', readOnly], { world });
    expect([code, stdout, stderr]).toEqual([0, text, '']);
    rmSync(placesOf(world).payload);
    const live = await run([...OWN_MOUNTS, 'sh', '-c', readOnly], { world });
    expect([live.code, live.stdout]).toEqual([0, text]);
  });

  it('reads its words also where it needs a parser for them', async () => {
    const { world, text } = await written();
    const { code, stdout, stderr } = await runCsa(['session:brief', '--hook', '--verbose'], { world });
    expect([code, stdout, stderr]).toEqual([0, text, expect.stringMatching(/^cache-hit age=\d+s\n$/)]);
  });

  it('renders live what its file no longer says: a supervisor killed after it was written', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    await brief(world, '--refresh');
    expect((await hook(world)).notes).toMatch(/^cache-hit /);
    const pid = supervisorPid(world, id);
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid), 'its end');
    const { text, notes } = await hook(world);
    expect([idsIn(text), text.includes('## Dead')]).toEqual([[id], true]);
    expect(notes).toMatch(/^cache-changed age=\d+s: rendered live$/);
    expect(readFileSync(placesOf(world).payload, 'utf8')).toContain('## Alive');
    openGate(world);
  });

  it('renders live what its file no longer says: a foreign session whose process has died', async () => {
    const { world, pids, session } = materialize('07-alive-daemon');
    await brief(world, '--refresh');
    expect((await hook(world)).notes).toMatch(/^cache-hit /);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const { text, notes } = await hook(world);
    expect(notes).toMatch(/^cache-changed /);
    expect([idsIn(text), text.includes('## Dead')]).toEqual([[session], true]);
  });

  it('renders live what its file no longer says: a heartbeat killed after it was written', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const words = ['on', '1h', '--caller', 'me', '--interval', '100s', '--', ...driverProgram(world)];
    const { heartbeat_pid } = await warmJson(world, words);
    await until(async () => {
      await brief(world, '--refresh');
      return (await hook(world)).notes.startsWith('cache-hit ');
    }, 'the end of all changes');
    expect((await hook(world)).text).toMatch(new RegExp(`^- ${id}, for "other:me": on until`, 'm'));
    process.kill(heartbeat_pid, 'SIGKILL');
    await until(() => !isRunning(heartbeat_pid), 'its end');
    expect(await hook(world)).toEqual({
      text: expect.stringContaining('nobody sends requests'),
      notes: expect.stringMatching(/^cache-changed /),
    });
    openGate(world);
  });

  it('sees a session that comes with an old date', async () => {
    const { world, id } = await written();
    const old = idAt(NOW - 86_400_000, '');
    makeFinished(world, old, 5);
    const { text, notes } = await hook(world);
    expect([idsIn(text), notes]).toEqual([[id, old], expect.stringMatching(/^cache-changed /)]);
  });

  it('sees that a session has gone', async () => {
    const { world, id } = await written();
    rmSync(sessionDirectory(world, id), { recursive: true });
    expect(await hook(world)).toEqual({ text: '', notes: 'rendered live: nothing to say' });
  });

  it('sees what was collected since, as by session result', async () => {
    const world = temporaryWorld();
    const [one, other] = [await startJob(['false'], { world }), await startJob(['false'], { world })];
    for (const id of [one, other]) {
      await until(() => existsSync(join(sessionDirectory(world, id), 'daemon-completion.toml')), 'its end');
    }
    await brief(world, '--refresh');
    expect(idsIn((await hook(world)).text)).toEqual([other, one]);
    await runCsa(['session', 'result', other], { world });
    expect(await hook(world)).toEqual({
      text: expect.stringContaining(one),
      notes: expect.stringMatching(/^cache-changed /),
    });
    expect(idsIn((await hook(world)).text)).toEqual([one]);
    await waitFor([one, '--cap', '0'], { world });
    expect((await hook(world)).text).toBe('');
  });

  it.each([
    ['1', 'cache-stale age=N max=1s: rendered live'],
    ['90000', 'cache-hit age=N'],
    ['0', 'cache-hit age=N'],
    ['soon', 'cache-stale age=N max=43200s: rendered live'],
    ['-1', 'cache-stale age=N max=43200s: rendered live'],
    [undefined, 'cache-stale age=N max=43200s: rendered live'],
  ])('takes CSA_BRIEF_MAX_AGE_SEC=%s for the greatest age of its file', async (CSA_BRIEF_MAX_AGE_SEC, words) => {
    const { world, places, text } = await written();
    rewriteSidecar(places, { written_at: new Date(Date.now() - 50_000_000).toISOString() });
    const options = { world, env: { CSA_BRIEF_MAX_AGE_SEC } };
    const { code, stdout, stderr } = await runCsa(['session', 'brief', '--hook', '--verbose'], options);
    expect([code, stdout, stderr.replace(/age=50\d{3}s/, 'age=N')]).toEqual([0, text, `${words}\n`]);
  });

  it('warns of a file from the future, which has no age', async () => {
    const { world, places, text } = await written();
    rewriteSidecar(places, { written_at: new Date(Date.now() + 86_400_000).toISOString() });
    const { stdout, stderr } = await brief(world, '--hook');
    expect([stdout, stderr]).toEqual([text, expect.stringMatching(/^csa: warning: .* future/)]);
    expect((await hook(world)).notes).toMatch(/future.*\ncache-hit age=0s$/);
  });

  it.each<[string, (places: BriefPlaces) => void]>([
    ['cut', ({ payload }) => truncateSync(payload, 40)],
    ['replaced', ({ payload }) => writeFileSync(payload, '# do as I say\n')],
    ['empty', ({ payload }) => writeFileSync(payload, '')],
    ['huge', ({ payload }) => truncateSync(payload, 4_000_000_000)],
    ['gone', ({ payload }) => rmSync(payload)],
    [
      'a directory',
      ({ payload }) => {
        rmSync(payload);
        mkdirSync(payload);
      },
    ],
    [
      'a link',
      ({ payload }) => {
        rmSync(payload);
        symlinkSync('/dev/zero', payload);
      },
    ],
    ['without a sidecar', ({ sidecar }) => rmSync(sidecar)],
    ['beside garbage', ({ sidecar }) => writeFileSync(sidecar, '{"schema":')],
    ['beside a sidecar that knows more', ({ sidecar }) => writeFileSync(sidecar, '{"schema":"csa.brief/2"}')],
  ])('renders live where its file is %s', async (_, spoil) => {
    const { world, places, text } = await written();
    spoil(places);
    expect(await hook(world)).toEqual({ text, notes: 'cache-absent: rendered live' });
  });

  it('waits for no pipe that stands in the place of its file', async () => {
    const { world, places, text } = await written();
    for (const path of [places.payload, places.sidecar]) {
      rmSync(path);
      await run(['mkfifo', path], { world });
    }
    expect(await hook(world)).toEqual({ text, notes: 'cache-absent: rendered live' });
  });

  it('words its commands for the shell that it runs in, whoever wrote the file', async () => {
    const { world } = told();
    // Nobody has linked this program there.
    await runCsa(['session', 'brief', '--refresh'], { world, env: { PATH: '/usr/bin:/bin' } });
    const text = readFileSync(placesOf(world).payload, 'utf8');
    const bin = join(world.home, 'bin');
    mkdirSync(bin);
    symlinkSync(builtCsa, join(bin, 'csa'));
    symlinkSync(testNode(), join(bin, 'node'));
    const options = { world, env: { PATH: `${bin}:/usr/bin:/bin` } };
    const { stdout, stderr } = await runCsa(['session', 'brief', '--hook', '--verbose'], options);
    expect(stderr).toMatch(/^cache-foreign age=\d+s: rendered live\n$/);
    expect(stdout).toMatch(/`csa session result /);
    expect(text).not.toMatch(/`csa session result /);
  });

  it.each(['<b>', '`b`', 'b'.repeat(240)])('serves the file of a project whose path has %s in it', async (name) => {
    const world = temporaryWorld();
    const below = join(world.project, name, name, name);
    mkdirSync(below, { recursive: true });
    makeFinished({ ...world, project: below }, idAt(NOW, ''), 4);
    await brief(world, '--refresh', '--cd', below);
    const { text, notes } = await hook(world, '--cd', below);
    expect([idsIn(text), notes]).toEqual([[idAt(NOW, '')], expect.stringMatching(/^cache-hit /)]);
  });

  it('is not deceived about whose words they are by what a session says', async () => {
    const { world, places } = await written();
    const program = `${testNode()} ${builtCsa}`;
    const foreign = readFileSync(places.payload, 'utf8').replaceAll(`\`${program} `, '`/opt/csa ');
    writeFileSync(places.payload, `${foreign}\n- x "${program} session list"\n`);
    rewriteSidecar(places, { sha256: hash('sha256', readFileSync(places.payload)) });
    expect((await hook(world)).notes).toMatch(/^cache-foreign /);
  });

  it('tells also of the project that Claude Code names, wherever its shell has gone', async () => {
    const { world, id } = told();
    const below = join(world.project, 'below');
    mkdirSync(below);
    const run = (more: object = {}) =>
      runCsa(['session', 'brief', '--hook'], {
        world,
        cwd: below,
        env: { CLAUDE_PROJECT_DIR: world.project },
        ...more,
      });
    expect(idsIn((await run()).stdout)).toEqual([id]);
    const other = idAt(NOW, '1');
    makeFinished({ ...world, project: below }, other, 4);
    expect(idsIn((await run()).stdout)).toEqual([id, other]);
    expect(idsIn((await run({ cwd: world.project })).stdout)).toEqual([id]);
    expect(idsIn((await run({ env: { CLAUDE_PROJECT_DIR: '/no/such/place' } })).stdout)).toEqual([other]);
    expect(idsIn((await brief(world, '--hook', '--cd', below)).stdout)).toEqual([other]);
  });

  it('of two projects with too much to say tells of the one that was named', async () => {
    const world = temporaryWorld();
    const below = join(world.project, 'below');
    mkdirSync(below);
    for (const project of [world.project, below]) {
      for (let i = 0; i < 60; i += 1) makeFinished({ ...world, project }, idAt(NOW - i, ''), 4);
    }
    const options = { world, cwd: below, env: { CLAUDE_PROJECT_DIR: world.project } };
    const { stdout } = await runCsa(['session', 'brief', '--hook'], options);
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(10_000);
    expect(stdout.match(/^# .*$/gm)).toEqual([expect.stringContaining(`${world.project}"`)]);
  });
});
