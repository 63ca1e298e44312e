import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  csa,
  endSession,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';

function follow(world: World, id: string, ...flags: string[]) {
  return csa(['session', 'logs', id, '--follow', ...flags], { world });
}

function print(world: World, id: string, text: string): void {
  appendFileSync(logOf(world, id), text);
}

function logOf(world: World, id: string, name = 'stdout.log'): string {
  return join(sessionDirectory(world, id), name);
}

function reasonOf({ stdout, stderr }: RunResult): string | undefined {
  expect(stdout).not.toContain('CSA:');
  return attribute(parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0), 'reason');
}

describe('following', () => {
  it('shows the end of the log, then what comes, until the session is over', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo last; exit 3');
    print(world, id, 'one\ntwo\n');
    const follower = follow(world, id, '--tail', '1', '--stdout');
    await until(() => follower.stdout() === 'two\n', 'the end of the log');
    print(world, id, 'three\n');
    await until(() => follower.stdout() === 'two\nthree\n', 'what comes');
    openGate(world);
    const { code, stdout, stderr } = await follower.ended;
    expect([code, stdout]).toEqual([0, 'two\nthree\nlast\n']);
    expect(stderr).toContain('finished: failure (exit 3)');
  });

  it('says which stream it is whenever that changes', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo out again');
    print(world, id, 'out\n');
    const follower = follow(world, id);
    await until(() => follower.stdout().includes('out'), 'stdout');
    appendFileSync(logOf(world, id, 'stderr.log'), 'err\n');
    await until(() => follower.stdout().includes('err'), 'stderr');
    openGate(world);
    expect((await follower.ended).stdout).toBe(
      '==> stdout.log <==\nout\n==> stderr.log <==\nerr\n==> stdout.log <==\nout again\n',
    );
  });

  it('loses nothing of a command that prints much and ends at once', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'seq 200000');
    const follower = follow(world, id, '--stdout');
    print(world, id, '0\n');
    await until(() => follower.stdout() === '0\n', 'the follower');
    openGate(world);
    const lines = (await follower.ended).stdout.split('\n');
    expect([lines.length, lines[1], lines.at(-2)]).toEqual([200_002, '1', '200000']);
  });

  it('of a finished session shows the end and is over', async () => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', 'echo a; printf b'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    expect(await runCsa(['session', 'logs', id, '-f', '--stdout'], { world })).toMatchObject({
      code: 0,
      stdout: 'a\nb\n',
    });
  });

  it('shows a question before its line is ended, and a matching line only', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    const plain = follow(world, id, '--stdout');
    const matching = follow(world, id, '--stdout', '--grep', '^Name|yes$');
    print(world, id, 'hello\nName: ');
    await until(() => plain.stdout() === 'hello\nName: ' && matching.stdout() === 'Name: ', 'the question');
    print(world, id, 'Ann\nother\nyes\n');
    openGate(world);
    expect((await plain.ended).stdout).toBe('hello\nName: Ann\nother\nyes\n');
    expect((await matching.ended).stdout).toBe('Name: Ann\nyes\n');
  });

  it('shows also what might have become a marker, broken, when nothing more comes', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    const follower = follow(world, id, '--stdout');
    print(world, id, 'Name <!-');
    await until(() => follower.stdout() === 'Name < !-', 'the question');
    print(world, id, '- CSA:X -->\n');
    openGate(world);
    expect((await follower.ended).stdout).toBe('Name < !-- CSA:X -->\n');
  });

  it('begins with nothing where that is asked for', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo new');
    print(world, id, 'old\n');
    const follower = follow(world, id, '--stdout', '--tail', '0');
    // It stands by the time that it has shown something new.
    await until(() => {
      print(world, id, '.\n');
      return follower.stdout() !== '';
    }, 'the follower');
    openGate(world);
    expect((await follower.ended).stdout).toMatch(/^(\.\n)+new\n$/);
  });
});

describe('the exit code that is asked for', () => {
  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['exit 124', 1],
    ['kill -9 $$', 137],
  ])('of %s is %i, as a wait gives it', async (script, exit) => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', script], { world });
    const { code } = await follow(world, id, '--exit-code').ended;
    expect([code, (await waitFor([id, '--cap', '30s'], { world })).code]).toEqual([exit, exit]);
  });

  it('of a session whose supervisor dies is 124, and its command is named', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const follower = follow(world, id, '--exit-code');
    print(world, id, 'working\n');
    await until(() => follower.stdout().includes('working'), 'the follower');
    process.kill(supervisorPid(world, id), 'SIGKILL');
    const { code, stderr } = await follower.ended;
    expect(code).toBe(124);
    expect(stderr).toMatch(/is dead[\s\S]*still runs as process \d+/);
  });

  it('is refused without --follow', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const refused = await runCsa(['session', 'logs', id, '--exit-code'], { world });
    expect([refused.code, reasonOf(refused)]).toEqual([125, 'usage']);
  });
});

describe('a session that is', () => {
  it('dead without a record is over at once', async () => {
    const { world, session } = materialize('09-dead-no-result-recent');
    expect((await follow(world, session).ended).code).toBe(0);
    expect((await follow(world, session, '--exit-code').ended).code).toBe(124);
  });

  it('not to be told alive from dead is followed on', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    const daemon = logOf(world, id, 'daemon.pid');
    const record = readFileSync(daemon);
    // Another machine's supervisor, whose lifeline is not there.
    writeFileSync(daemon, `1 1 ${'0'.repeat(8)} elsewhere 1\n`);
    rmSync(logOf(world, id, 'lifeline'));
    expect((await waitFor([id, '--cap', '0'], { world })).status.name).toBe('SESSION_WAIT_UNKNOWN');
    const follower = follow(world, id, '--stdout');
    for (const text of ['a\n', 'b\n']) {
      print(world, id, text);
      await until(() => follower.stdout().endsWith(text), 'what comes');
    }
    follower.kill('SIGTERM');
    expect((await follower.ended).code).toBe(143);
    writeFileSync(daemon, record);
  });

  it('removed is told as what cannot be followed', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    onTestFinished(() => endSession(world, id));
    const follower = follow(world, id);
    print(world, id, 'x\n');
    await until(() => follower.stdout().includes('x'), 'the follower');
    rmSync(sessionDirectory(world, id), { recursive: true });
    const ended = await follower.ended;
    expect([ended.code, reasonOf(ended)]).toEqual([125, 'registry-lost']);
  });

  it('only a name for another shows the logs of that', async () => {
    const { world, session } = materialize('17-resume-alias');
    const { code, stderr } = await follow(world, session, '--exit-code').ended;
    expect([code, stderr.includes('(now 01M0F6FRT0BVXME2PE9N4YX1X9)')]).toEqual([0, true]);
  });
});

it('a session that comes to stand for another one is followed there', async () => {
  const world = temporaryWorld();
  const target = await startGated(world, 'echo end of it; exit 6');
  const wrapper = await startJob(['sleep', '60'], { world });
  print(world, target, 'beginning\n');
  print(world, wrapper, 'wrapper\n');
  const follower = follow(world, wrapper, '--stdout', '--exit-code');
  await until(() => follower.stdout() === 'wrapper\n', 'the wrapper');
  const alias = `kind = "resume-wrapper"\ntarget_session_id = "${target}"\ncreated_at = "2026-08-20T09:15:00Z"\n`;
  writeFileSync(logOf(world, wrapper, 'resume-target.toml'), alias);
  await until(() => follower.stdout() === 'wrapper\nbeginning\n', 'the target');
  openGate(world);
  const { code, stdout } = await follower.ended;
  expect([code, stdout]).toEqual([6, 'wrapper\nbeginning\nend of it\n']);
});

describe('rotation', () => {
  it('by a new file: the rest of the old one, then the new one', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    const [log, old] = [logOf(world, id), logOf(world, id, 'stdout.log.1')];
    appendFileSync(log, 'one\n');
    const follower = follow(world, id, '--stdout');
    await until(() => follower.stdout() === 'one\n', 'the first line');
    renameSync(log, old);
    appendFileSync(old, 'two, without an end');
    writeFileSync(log, 'three\n');
    await until(() => follower.stdout() === 'one\ntwo, without an end\nthree\n', 'both files');
    rmSync(log);
    writeFileSync(log, 'four\n');
    await until(() => follower.stdout().endsWith('three\nfour\n'), 'the third file');
    openGate(world);
    expect((await follower.ended).code).toBe(0);
  });

  it('by truncation: the new text from its beginning', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo command');
    const log = logOf(world, id);
    appendFileSync(log, 'a long first line\n');
    const follower = follow(world, id, '--stdout');
    await until(() => follower.stdout() === 'a long first line\n', 'the first line');
    truncateSync(log);
    appendFileSync(log, 'new\n');
    await until(() => follower.stdout() === 'a long first line\nnew\n', 'the new text');
    openGate(world);
    expect((await follower.ended).stdout).toBe('a long first line\nnew\ncommand\n');
  });

  it('a log that appears late is read from its beginning', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    rmSync(logOf(world, id, 'stderr.log'));
    const follower = follow(world, id, '--stderr');
    writeFileSync(logOf(world, id, 'stderr.log'), 'late\n');
    await until(() => follower.stdout() === 'late\n', 'the late log');
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the following with %i, and never the session', async (signal, exit) => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 4');
    print(world, id, 'x\n');
    const follower = follow(world, id, '--exit-code');
    await until(() => follower.stdout().includes('x'), 'the follower');
    follower.kill(signal);
    const { code, stderr } = await follower.ended;
    expect([code, stderr]).toEqual([exit, '']);
    openGate(world);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(4);
  });
});
