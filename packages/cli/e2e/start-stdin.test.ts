import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { commandPid, sessionFile } from './job.ts';
import { program, run } from './program.ts';

const START = `"${testNode()}" "${builtCsa}" session start`;

/** What the session of this line of bash has printed; the line prints its id and nothing else. */
async function outputOf(world: World, line: string, cwd = world.project): Promise<string> {
  const { code, stdout, stderr } = await run(['bash', '-c', line], { world, cwd });
  expect([code, /^\S{26}\n$/.test(stdout)], stderr).toEqual([0, true]);
  return outputOfSession({ ...world, project: cwd }, stdout.trim());
}

async function outputOfSession(world: World, id: string): Promise<string> {
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  return sessionFile(world, id, 'stdout.log');
}

function inputIn(directory: string, text: string): void {
  writeFileSync(join(directory, 'input'), text);
}

describe('--stdin FILE', () => {
  it('is what the command reads, found from the current directory and not from the project', async () => {
    const world = temporaryWorld();
    inputIn(world.project, 'of the project\n');
    const other = join(world.home, 'other');
    mkdirSync(other);
    inputIn(other, 'of the caller\n');
    const { stdout } = await runCsa(['session', 'start', '--cd', world.project, '--stdin', 'input', '--', 'cat'], {
      world,
      cwd: other,
    });
    expect(await outputOfSession(world, stdout.trim())).toBe('of the caller\n');
  });

  it('may be gone when the command comes to read it', async () => {
    const world = temporaryWorld();
    inputIn(world.project, 'kept\n');
    const line = `${START} --stdin input -- sh -c 'until [ ! -e input ]; do sleep 0.05; done; cat' && rm input`;
    expect(await outputOf(world, line)).toBe('kept\n');
  });

  it.each([
    ['no file', 'no-such-file'],
    ['a directory', '.'],
    ['a FIFO', 'fifo'],
  ])('that is %s is refused at once, and nothing is started', async (_, word) => {
    const world = temporaryWorld();
    await run(['mkfifo', 'fifo'], { world });
    const { code, stdout, stderr } = await runCsa(['session', 'start', '--stdin', word, '--', 'cat'], { world });
    expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', 'bad-stdin']);
    expect((await runCsa(['session', 'list', '--json'], { world })).stdout).toContain('"sessions":[]');
  });
});

describe('--stdin -', () => {
  it.each([
    ['a pipe', `echo piped | ${START} --stdin - -- cat`, 'piped\n'],
    ['a here-document', `${START} --stdin - -- cat <<'END'\none $HOME\ntwo\nEND\n`, 'one $HOME\ntwo\n'],
    ['a file', `${START} --stdin - -- cat < input`, 'first\nsecond\n'],
    ['a file of which something was read', `{ read -r line; ${START} --stdin - -- cat; } < input`, 'second\n'],
    ['a file under a number of its own', `${START} --stdin /dev/fd/3 -- cat 3< input`, 'first\nsecond\n'],
    ['one under a high number', `${START} --stdin /proc/self/fd/21 -- cat 21< input`, 'first\nsecond\n'],
    ['a pipe under a number of its own', `${START} --stdin /dev/fd/4 -- cat 4< <(echo piped)`, 'piped\n'],
    ['a pipe that has two numbers', `echo twice | ${START} --stdin /dev/fd/3 -- cat 3<&0`, 'twice\n'],
    ['/dev/stdin', `${START} --stdin /dev/stdin -- cat < input`, 'first\nsecond\n'],
    ['a standard output that can be read', `${START} --stdin /dev/fd/1 -- cat 1<> both; cat both`, ''],
    ['what another command prints', `${START} --stdin <(echo substituted) -- cat`, 'substituted\n'],
    ['a FIFO that the shell has opened', `mkfifo f; echo named > f & ${START} --stdin - -- cat < f`, 'named\n'],
    ['/dev/null', `${START} --stdin - -- cat < /dev/null`, ''],
    ['nothing, when it is closed', `${START} --stdin - -- cat <&-`, ''],
  ])('hands %s through', async (_, line, output) => {
    const world = temporaryWorld();
    inputIn(world.project, 'first\nsecond\n');
    expect(await outputOf(world, line)).toBe(output);
  });

  it('hands much more through than a pipe holds', async () => {
    const line = `head -c 50000000 /dev/zero | ${START} --stdin - -- wc -c`;
    expect((await outputOf(temporaryWorld(), line)).trim()).toBe('50000000');
  });

  it('takes none of the descriptors that the program has opened itself, and does not break on them', async () => {
    const world = temporaryWorld();
    const each = `for n in $(seq 3 24); do ${START} --stdin /dev/fd/$n -- cat 2>&1 >/dev/null; echo "code $?"; done`;
    const { stdout } = await run(['bash', '-c', each], { world });
    const codes = Array.from(stdout.matchAll(/^code (\d+)$/gm), ([, code]) => code);
    expect([codes.length, [...new Set(codes)].filter((code) => code !== '0' && code !== '125')]).toEqual([22, []]);
    expect(stdout.match(/ got a descriptor of this program itself\./g)?.length).toBeGreaterThan(5);
    // A /dev/null of Node's is as good as any.
    for (const [, id = ''] of stdout.matchAll(/^Session (\S{26}) started/gm)) {
      expect(await outputOfSession(world, id)).toBe('');
    }
  });

  it('lets the writer of a <(...) learn that nobody reads any more, while a start waits', async () => {
    const command = `sh -c 'head -1; exec <&-; until [ -e ended ]; do sleep 0.05; done'`;
    const line = `exec ${START} --wait --cap 60s --stdin <(yes; : >ended) -- ${command}`;
    const { code, stdout } = await run(['bash', '-c', line], { world: temporaryWorld() });
    expect([code, stdout]).toEqual([0, expect.stringContaining('SESSION_WAIT_COMPLETED')]);
  });

  it('leaves the command to read on when the starter has left, to the end of the input', async () => {
    const world = temporaryWorld();
    const { writer, id } = await startOnPipe(world, ['sh', '-c', 'cat; echo end']);
    writeSync(writer, 'early\n');
    await until(() => sessionFile(world, id, 'stdout.log') === 'early\n', 'the first line');
    writeSync(writer, 'late\n');
    closeSync(writer);
    expect(await outputOfSession(world, id)).toBe('early\nlate\nend\n');
  });

  it('is held by the command alone, so that a writer learns when it reads no more', async () => {
    const world = temporaryWorld();
    const { writer, id } = await startOnPipe(world, [
      'sh',
      '-c',
      'read -r line; exec <&-; echo closed; exec sleep 600',
    ]);
    writeSync(writer, 'line\n');
    await until(() => sessionFile(world, id, 'stdout.log') === 'closed\n', 'the command to close it');
    await until(() => isBroken(writer), 'a broken pipe');
    closeSync(writer);
  });

  it('is given to the command once, and blocks as a fresh one does', async () => {
    const world = temporaryWorld();
    const { writer, id } = await startOnPipe(world, ['sleep', '600']);
    const pid = await commandPid(world, id);
    const own = readlinkSync(`/proc/${pid}/fd/0`);
    expect(readdirSync(`/proc/${pid}/fd`).filter((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === own)).toEqual(['0']);
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/0`, 'utf8'))?.[1] ?? '';
    expect(Number.parseInt(flags, 8) & constants.O_NONBLOCK).toBe(0);
    closeSync(writer);
  });

  it('does not hold up a $(...) that it stands in, nor a start that waits', async () => {
    const world = temporaryWorld();
    const line = `sleep 600 | { id=$(${START} --stdin - -- cat); echo "$id"; }`;
    const held = program(['bash', '-c', line], { world });
    onTestFinished(() => void process.kill(-held.pid, 'SIGKILL'));
    expect(await until(() => /^\S{26}$/m.exec(held.stdout())?.[0], 'the id')).toBeDefined();
    const waited = `yes | ${START} --stdin - --wait --cap 60s -- head -1; echo "\${PIPESTATUS[*]}"`;
    expect((await run(['bash', '-c', waited], { world })).stdout).toMatch(/\n141 0\n$/);
  });

  it.each(['', '--wait'])('that is a terminal is refused: %s', async (flag) => {
    const world = temporaryWorld();
    const { stdout } = await run(['script', '-qec', `${START} ${flag} --stdin - -- cat; echo code=$?`, '/dev/null'], {
      world,
    });
    expect(stdout).toMatch(/got a terminal/);
    expect(stdout).toMatch(/code=125/);
    expect(stdout).toContain('reason=bad-stdin');
  });

  it('that is open for writing only is refused', async () => {
    const { stdout, stderr } = await run(['sh', '-c', `${START} --stdin - -- cat 0>file; echo $?`], {
      world: temporaryWorld(),
    });
    expect([stdout, /writing only/.test(stderr)]).toEqual(['125\n', true]);
  });
});

/** A start whose standard input is a pipe; the test holds its other end, and nobody else does. */
async function startOnPipe(world: World, command: readonly string[]): Promise<{ writer: number; id: string }> {
  const path = join(world.home, 'pipe');
  await run(['mkfifo', path], { world });
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, 'w');
  const child = spawn(testNode(), [builtCsa, 'session', 'start', '--stdin', '-', '--', ...command], {
    cwd: world.project,
    env: world.env,
    stdio: [reader, 'pipe', 'ignore'],
  });
  closeSync(reader);
  if (child.stdout === null) throw new Error('no stdout');
  const id = await text(child.stdout);
  return { writer, id: id.trim() };
}

function isBroken(writer: number): boolean {
  try {
    writeSync(writer, 'nobody reads this\n');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPIPE';
  }
}
