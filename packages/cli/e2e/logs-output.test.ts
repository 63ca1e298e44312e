import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute } from './answer.ts';
import { openGate, startGated } from './job.ts';
import { program, shell } from './program.ts';

const logs = (id: string, flags = '') => `"${testNode()}" "${builtCsa}" session logs ${id} --follow ${flags}`;

function logOf(world: World, id: string): string {
  return join(sessionDirectory(world, id), 'stdout.log');
}

describe('a reader that goes away', () => {
  it('ends the following quietly, with 0, when there is something to print', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    appendFileSync(logOf(world, id), 'one\n');
    const codeFile = join(world.home, 'code');
    const line = `{ ${logs(id)}; echo $? >"${codeFile}"; } | head -c 1`;
    const running = program(['sh', '-c', line], { world });
    await until(() => running.stdout() !== '', 'the first byte');
    const code = await until(() => {
      appendFileSync(logOf(world, id), 'more\n');
      return existsSync(codeFile) && readFileSync(codeFile, 'utf8');
    }, 'its end');
    expect([code, running.stderr()]).toEqual(['0\n', '']);
  });

  it('is not taken for a success of the session', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    appendFileSync(logOf(world, id), 'one\n'.repeat(50_000));
    const line = `exec 3>&1; { ${logs(id, '--exit-code --tail all')}; echo $? >&3; } | head -c 1 >/dev/null`;
    const { stdout, stderr } = await shell(line, { world });
    expect(stdout).toBe('125\n');
    expect(attribute(parseMarkers(stderr)[0], 'reason')).toBe('reader-gone');
  });
});

describe('output that cannot be written', () => {
  it('is a failure, also when the session has succeeded', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    appendFileSync(logOf(world, id), 'text\n');
    for (const flags of ['', '--exit-code', '--raw', '--grep t']) {
      const { code, stderr } = await shell(`${logs(id, flags)} >/dev/full`, { world });
      expect([flags, code, attribute(parseMarkers(stderr)[0], 'reason')]).toEqual([flags, 125, 'output-lost']);
    }
  });

  it('because it is closed is not wanted', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo text');
    openGate(world);
    const { code } = await shell(`${logs(id)} >&-`, { world });
    expect(code).toBe(0);
  });
});

describe('a reader that has stopped reading', () => {
  /** A session that has printed more than fits between a program and its reader. */
  async function chatty(world: World): Promise<string> {
    const id = await startGated(world);
    appendFileSync(logOf(world, id), `${'x'.repeat(99)}\n`.repeat(20_000));
    return id;
  }

  it.each(['', '--raw', '--grep x'])('of a pipe keeps no signal from ending the following (%s)', async (flags) => {
    const world = temporaryWorld();
    const codeFile = join(world.home, 'code');
    const line = `{ ${logs(await chatty(world), `--tail all ${flags}`)} & echo $! >&2; wait $!; echo $? >"${codeFile}"; } | sleep 60`;
    const running = program(['sh', '-c', line], { world });
    onTestFinished(() => void process.kill(-running.pid, 'SIGKILL'));
    const pid = Number(await until(running.stderr, 'the follower'));
    await until(() => written(pid) >= 65_536, 'a full pipe');
    process.kill(pid, 'SIGTERM');
    expect(await until(() => existsSync(codeFile) && readFileSync(codeFile, 'utf8'), 'its end')).toBe('143\n');
  });

  it('of a socket, as programs give it to each other, neither', async () => {
    const world = temporaryWorld();
    const words = ['session', 'logs', await chatty(world), '--follow', '--tail', 'all'];
    const follower = spawn(testNode(), [builtCsa, ...words], {
      cwd: world.project,
      env: world.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void follower.kill('SIGKILL'));
    await until(() => written(follower.pid ?? 0) >= 65_536, 'a full socket');
    const ended = new Promise((resolve) => follower.once('exit', resolve));
    follower.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

/** How many bytes a process has written so far. */
function written(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}
