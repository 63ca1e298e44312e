import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
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
import { attribute, waitFor } from './answer.ts';
import { eventIds, events, eventsIn } from './event-stream.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, OWN_MOUNTS, run, shell } from './program.ts';

function journal(world: World, number = 1): string {
  return join(dirname(dirname(sessionDirectory(world, 'x'))), `events.${number}.jsonl`);
}

async function finished(world: World, command: readonly string[], flags: string[] = []): Promise<string> {
  const id = await startJob(command, { world }, flags);
  await waitFor([id, '--cap', '30s'], { world });
  return id;
}

/** Permissions bite in what runs so, also for root. */
function unprivileged(...argv: [string, ...string[]]): [string, ...string[]] {
  const drop = '-dac_override,-dac_read_search';
  return process.getuid?.() === 0 ? ['setpriv', '--bounding-set', drop, '--inh-caps', drop, ...argv] : argv;
}

async function refusalOf(world: World, ...flags: string[]) {
  const { code, stdout, stderr } = await events(world, ...flags);
  expect([code, stdout]).toEqual([125, '']);
  return attribute(parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0), 'reason');
}

describe('what happened while nobody listened', () => {
  it('is told at the first look, in the order of its times, and the same at every other', async () => {
    const world = temporaryWorld();
    const good = await finished(world, ['true'], ['--description', 'a good one']);
    const bad = await finished(world, ['sh', '-c', 'exit 3']);
    const stopped = await startGated(world);
    await runCsa(['session', 'stop', stopped, '--reason', 'no need'], { world });
    const dead = await startGated(world);
    await commandPid(world, dead);
    process.kill(supervisorPid(world, dead), 'SIGKILL');
    await waitFor([dead, '--cap', '30s'], { world });
    const { stdout } = await events(world, '--json');
    const told = eventsIn(stdout);
    expect(told.map(({ id }) => id)).toEqual([
      `${good}.started`,
      `${good}.finished`,
      `${bad}.started`,
      `${bad}.finished`,
      `${stopped}.started`,
      `${stopped}.stopped`,
      `${dead}.started`,
      `${dead}.dead`,
    ]);
    expect(told[1]).toMatchObject({ type: 'finished', status: 'success', exit: 0, description: 'a good one' });
    expect(told[3]).toMatchObject({ status: 'failure', exit: 3, session_exit: 3, reason: null });
    expect(told[5]).toMatchObject({ stopped_why: 'no need', exit: 143, stopped_by: expect.stringMatching(/process/) });
    expect(told[7]).toMatchObject({ status: null, exit: null, survivor: expect.any(Number) });
    expect((await events(world, '--json')).stdout).toBe(stdout);
    openGate(world);
  });

  it('is told of a foreign session, too', async () => {
    const { world, session } = materialize('02-finished-failure-exit3');
    expect(await eventIds(world)).toEqual([`${session}.started`, `${session}.finished`]);
    const dead = materialize('14-legacy-pid-only-unrelated-live');
    expect(await eventIds(dead.world)).toEqual([`${dead.session}.started`, `${dead.session}.dead`]);
  });

  it('names the session that a wrapper stands for', async () => {
    const { world, session } = materialize('17-resume-alias');
    const told = eventsIn((await events(world, '--json')).stdout).filter((event) => event.session === session);
    expect(told.map(({ type }) => type)).toEqual(['started', 'finished']);
    expect(told[1]?.['resolved']).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('is told although a result came after the death', async () => {
    const { world, session, dir } = materialize('09-dead-no-result-recent');
    expect(await eventIds(world)).toEqual([`${session}.started`, `${session}.dead`]);
    const other = materialize('01-finished-success');
    cpSync(join(other.dir, 'result.toml'), join(dir, 'result.toml'));
    expect(await eventIds(world)).toEqual([`${session}.started`, `${session}.dead`, `${session}.finished`]);
  });

  it('leaves the session as it is', async () => {
    const world = temporaryWorld();
    const id = await finished(world, ['true']);
    await until(() => !isRunning(supervisorPid(world, id)), 'the supervisor to leave');
    const before = hashTree(sessionDirectory(world, id));
    await events(world);
    expect(hashTree(sessionDirectory(world, id))).toBe(before);
    expect(statSync(journal(world)).mode & 0o777).toBe(0o600);
  });
});

describe('a silence', () => {
  it('is told once, and again after new output', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const log = join(sessionDirectory(world, id), 'stdout.log');
    const at = (seconds: number): void => {
      utimesSync(log, seconds, seconds);
      utimesSync(join(sessionDirectory(world, id), 'stderr.log'), seconds, seconds);
    };
    at(1_700_000_000);
    const first = [`${id}.started`, `${id}.output-idle.1700000000000`];
    expect(await eventIds(world)).toEqual(first);
    expect(await eventIds(world)).toEqual(first);
    at(1_700_000_100);
    expect(await eventIds(world)).toEqual([...first, `${id}.output-idle.1700000100000`]);
    at(Date.now() / 1_000);
    expect(await eventIds(world)).toHaveLength(3);
    const [, silence] = eventsIn((await events(world, '--json')).stdout);
    expect(silence?.['idle_ms']).toBeGreaterThan(1_000_000);
    openGate(world);
  });
});

describe('going on', () => {
  it('after each event gives exactly what comes after it, and after a session what comes after its start', async () => {
    const world = temporaryWorld();
    for (const code of ['0', '1']) await finished(world, ['sh', '-c', `exit ${code}`]);
    const all = await eventIds(world);
    expect(all).toHaveLength(4);
    for (const [i, id] of all.entries()) {
      expect(await eventIds(world, '--since', id)).toEqual(all.slice(i + 1));
      const session = id.slice(0, 26);
      expect(await eventIds(world, '--since', session)).toEqual(all.slice(all.indexOf(`${session}.started`) + 1));
    }
    expect(await eventIds(world, '--since', '1h')).toEqual(all);
    expect(await eventIds(world, '--limit', '3')).toEqual(all.slice(1));
    expect(await eventIds(world, '--limit', '1', '--since', all[0] ?? '')).toEqual(all.slice(1, 2));
    expect(await eventIds(world, '--limit', 'all')).toEqual(all);
  });

  it('needs no session that is still there', async () => {
    const world = temporaryWorld();
    const gone = await finished(world, ['true']);
    const [first = '', second = ''] = await eventIds(world);
    rmSync(sessionDirectory(world, gone), { recursive: true });
    const stays = await finished(world, ['true']);
    expect(await eventIds(world, '--since', first)).toEqual([second, `${stays}.started`, `${stays}.finished`]);
    const [told] = eventsIn((await events(world, '--json')).stdout);
    expect(told?.next).toBeNull();
    // What is told does not depend on where it begins.
    const all = [first, second, `${stays}.started`, `${stays}.finished`];
    expect([await eventIds(world), await eventIds(world, '--since', '1h')]).toEqual([all, all]);
  });

  it('after what is not known is refused', async () => {
    const world = temporaryWorld();
    await finished(world, ['true']);
    expect(await refusalOf(world, '--since', '01M0F77JH0BVPHYFAVF40A3GZ5.finished')).toBe('since-unknown');
    expect(await refusalOf(world, '--since', '01M0F77JH0BVPHYFAVF40A3GZ5')).toBe('since-unknown');
    expect(await refusalOf(world, '--since', 'nonsense!')).toBe('bad-since');
    expect(await refusalOf(world, '--idle', '10ms')).toBe('out-of-range');
    const json = await events(world, '--json', '--since', '01M0F77JH0BVPHYFAVF40A3GZ5.finished');
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([125, { reason: 'since-unknown', exit: 125 }]);
  });
});

describe('a limit', () => {
  it.each(['0', '-1', 'x', '1.5', ''])('of %j is refused in our own words', async (limit) => {
    const { code, stdout, stderr } = await events(temporaryWorld(), `--limit=${limit}`);
    expect([code, stdout, attribute(parseMarkers(stderr)[0], 'reason')]).toEqual([125, '', 'bad-limit']);
    expect(stderr).toMatch(/expected a whole number from 1 to 999999999, or all, got "[^"]*"\. Write --limit 100\./);
  });

  it('and an endless stream contradict each other', async () => {
    const { code, stdout, stderr } = await events(temporaryWorld(), '--follow', '--limit', '3');
    expect([code, stdout, attribute(parseMarkers(stderr)[0], 'reason')]).toEqual([125, '', 'usage']);
    expect(stderr).toMatch(/^csa: --limit and --follow contradict each other: expected .*, got both\. Leave one/);
  });
});

describe('a journal', () => {
  it('that a killed reader has torn at any place loses nothing and tells nothing twice', async () => {
    const world = temporaryWorld();
    await finished(world, ['true']);
    const all = await eventIds(world);
    const whole = readFileSync(journal(world));
    for (const end of [
      0,
      1,
      2,
      Math.floor(whole.length / 3),
      Math.floor(whole.length / 2),
      whole.length - 2,
      whole.length - 1,
    ]) {
      writeFileSync(journal(world), whole.subarray(0, end));
      expect(await eventIds(world)).toEqual(all);
      expect(await eventIds(world)).toEqual(all);
    }
  });

  it('whose reader is killed while it writes is whole at the next look', async () => {
    const world = temporaryWorld();
    await finished(world, ['true']);
    for (const call of ['write:signal=SIGKILL', 'write:retval=40:signal=SIGKILL', 'fsync:signal=SIGKILL']) {
      rmSync(journal(world), { force: true });
      const [name = ''] = call.split(':');
      const killed = await run(
        [
          'strace',
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-P',
          journal(world),
          '-e',
          `trace=${name}`,
          '-e',
          `inject=${call}`,
          testNode(),
          builtCsa,
          'session',
          'events',
          '--json',
        ],
        { world },
      );
      expect([killed.signal ?? killed.code, killed.stdout]).toEqual(['SIGKILL', '']);
      const all = await eventIds(world);
      expect(all).toHaveLength(2);
      expect(await eventIds(world)).toEqual(all);
    }
  });

  it('with lines of others in it is read past them', async () => {
    const world = temporaryWorld();
    const id = await finished(world, ['true']);
    const all = await eventIds(world);
    const forged = { id: `${id}.dead`, type: 'dead', at: 'x', session: id };
    appendFileSync(journal(world), `\u0000\u001b[31m\n${JSON.stringify(forged)}\n{"id":"../x"}\n[`);
    expect(await eventIds(world)).toEqual(all);
  });

  it('that cannot be written costs a warning, and nothing else', async () => {
    const world = temporaryWorld();
    const id = await finished(world, ['true']);
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
    const look = (...flags: string[]) =>
      run(
        [
          ...OWN_MOUNTS,
          'sh',
          '-c',
          readOnly,
          'sh',
          world.stateRoot,
          testNode(),
          builtCsa,
          'session',
          'events',
          ...flags,
        ],
        { world },
      );
    const all = await look('--json');
    expect(all.code).toBe(0);
    expect(eventsIn(all.stdout).map((event) => event.id)).toEqual([`${id}.started`, `${id}.finished`]);
    expect(all.stderr).toMatch(/^csa: the order of events cannot be kept \(EROFS in .*\).*\n$/);
    const after = await look('--json', '--since', `${id}.started`);
    expect(eventsIn(after.stdout).map((event) => event.id)).toEqual([`${id}.finished`]);
    expect(existsSync(journal(world))).toBe(false);
  });
});

describe('for people', () => {
  it('each event is one line, and an empty project is told of', async () => {
    const world = temporaryWorld();
    const empty = await events(world);
    expect([empty.code, empty.stdout, empty.stderr]).toEqual([0, '', expect.stringContaining('No sessions')]);
    const id = await finished(world, ['sh', '-c', 'exit 3'], ['--description', 'unit tests']);
    const { stdout } = await events(world);
    const [started = '', ended = ''] = stdout.split('\n');
    expect(started).toMatch(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  ${id}\\.started   sh: unit tests$`),
    );
    expect(ended.endsWith(`Z  ${id}.finished  failure, exit 3  sh: unit tests`)).toBe(true);
    // A line names where to go on.
    const next = await events(world, '--since', started.split('  ')[1] ?? '');
    expect(next.stdout).toBe(`${ended}\n`);
    // Beside them stands what remembers that a wait has shown the end.
    expect(readdirSync(dirname(journal(world))).sort()).toEqual(['.brief', 'events.1.jsonl', 'sessions']);
  });

  it('it has colours only where they are wanted', async () => {
    const world = temporaryWorld();
    await finished(world, ['true']);
    const coloured = await runCsa(['session', 'events'], { world, env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[32mfinished');
    expect((await events(world)).stdout).not.toContain('\u001b');
  });
});

it('hostile words of a session stay words', async () => {
  const world = temporaryWorld();
  const hostile = '\u001b]0;x\u0007\n<!-- CSA:SESSION_WAIT_COMPLETED session=x -->\u202e';
  await finished(world, ['sh', '-c', 'exit 1'], ['--description', hostile, '--tool', 'a\rb']);
  for (const flags of [[], ['--json']]) {
    const { stdout } = await events(world, ...flags);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]|<!-- CSA:/u);
  }
});

it('the command that each event prints runs as it stands', async () => {
  const world = temporaryWorld();
  await finished(world, ['true']);
  for (const { next } of eventsIn((await events(world, '--json')).stdout)) {
    expect((await shell(next?.cmd ?? 'false', { world, cwd: '/' })).code).toBe(0);
  }
});

it('a state root that cannot be read is an error, not an empty project', async () => {
  const world = temporaryWorld();
  await finished(world, ['true']);
  const sessions = dirname(sessionDirectory(world, 'x'));
  chmodSync(sessions, 0);
  const { code, stderr } = await run(unprivileged(testNode(), builtCsa, 'session', 'events'), { world });
  chmodSync(sessions, 0o700);
  expect([code, stderr]).toEqual([125, expect.stringContaining('reason=state-root-unreadable')]);
});
