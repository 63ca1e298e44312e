import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { commandPid, openGate, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, program, run, shell } from './program.ts';

const GATED = `until [ -e go ]; do sleep 0.05; done; exit 3`;
const csaWords = `"${testNode()}" "${builtCsa}"`;

it('prints the id and nothing else on stdout, and all that is needed next on stderr', async () => {
  const world = temporaryWorld();
  const { code, stdout, stderr } = await runCsa(['session', 'start', '--', 'sh', '-c', GATED], { world });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}\n$/);
  const id = stdout.trim();
  const [marker, ...others] = parseMarkers(stderr);
  expect(others).toEqual([]);
  expect([...(marker?.attributes.keys() ?? [])]).toEqual([
    'id',
    'pid',
    'dir',
    'wait_cmd',
    'tool_timeout_ms',
    'stop_cmd',
  ]);
  expect(Object.fromEntries(marker?.attributes ?? [])).toMatchObject({
    id,
    pid: String(supervisorPid(world, id)),
    dir: sessionDirectory(world, id),
    tool_timeout_ms: '250000',
  });
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^<!-- CSA:SESSION_STARTED /);
});

describe('started inside $(...) of a shell', () => {
  it('returns at once and gives back descriptors and locks that the shell had open', async () => {
    const world = temporaryWorld();
    const script = [
      'exec 9>extra 200>lock; flock 200',
      `id=$(${csaWords} session start -- sh -c '${GATED}' 2>/dev/null)`,
      'exec 9>&- 200>&-',
      'flock -n lock true && echo free; echo "$id"',
    ];
    const { stdout, code } = await run(['bash', '-c', script.join('\n')], { world });
    expect(code).toBe(0);
    const [lock, id = ''] = stdout.split('\n');
    expect(lock).toBe('free');
    for (const pid of [supervisorPid(world, id), await commandPid(world, id)]) {
      const open = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
      expect(open.filter((path) => /\/(?:extra|lock)$/.test(path))).toEqual([]);
      expect(isRunning(pid)).toBe(true);
    }
    openGate(world);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
  });
});

describe('a session outlives', () => {
  it("the death of its starter's whole process group", async () => {
    const world = temporaryWorld();
    const starter = program(['sh', '-c', `${csaWords} session start -- sh -c '${GATED}'; sleep 600`], { world });
    const id = await until(() => /^\S{26}$/m.exec(starter.stdout())?.[0], 'the id');
    process.kill(-starter.pid, 'SIGKILL');
    await starter.ended;
    expect((await waitFor([id, '--cap', '0'], { world })).status.name).toBe('SESSION_WAIT_KV_WARM');
    openGate(world);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
  });

  it('the hang-up of its terminal', async () => {
    const world = temporaryWorld();
    const line = `${csaWords} session start -- sh -c '${GATED}' >id; tty >terminal; sleep 600`;
    const terminal = program(['script', '-qec', line, '/dev/null'], { world });
    const name = () => readIfThere(join(world.project, 'terminal'));
    await until(() => name().startsWith('/dev/pts/'), 'the terminal');
    const id = readFileSync(join(world.project, 'id'), 'utf8').trim();
    // The end of whoever holds its other side hangs the terminal up.
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect((await waitFor([id, '--cap', '0'], { world })).status.name).toBe('SESSION_WAIT_KV_WARM');
    openGate(world);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
  });
});

describe('the files of a session', () => {
  it.each(['0', '022', '0777'])('are for its owner alone at umask %s', async (umask) => {
    const world = temporaryWorld();
    const line = `umask ${umask}; ${csaWords} session start -- sh -c 'echo out; echo err >&2'`;
    const { stdout, stderr } = await shell(line, { world });
    const id = stdout.trim();
    expect((await waitFor([id, '--cap', '30s'], { world })).code, stderr).toBe(0);
    const directory = sessionDirectory(world, id);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      expect([path, statSync(path).mode & 0o777]).toEqual([path, entry.isDirectory() ? 0o700 : 0o600]);
    }
  });
});

it('keeps what --env brings out of every command line', async () => {
  const world = temporaryWorld();
  const secret = `s3cr3t-${world.home}`;
  const file = join(world.home, 'seen');
  const id = await startGated(world, `printf %s "$TOKEN" > "${file}"`, ['--env', `TOKEN=${secret}`]);
  await commandPid(world, id);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  expect(pids.filter((pid) => readIfThere(`/proc/${pid}/cmdline`).includes(secret))).toEqual([]);
  openGate(world);
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(secret);
  for (const name of ['state.toml', 'metadata.toml', 'result.toml']) {
    expect(sessionFile(world, id, name)).not.toContain(secret);
  }
});

it('starts ten sessions at once, each under an id of its own', async () => {
  const world = temporaryWorld();
  writeFileSync(join(world.project, 'go'), '');
  const ids = await Promise.all(Array.from({ length: 10 }, () => startJob(['sh', '-c', GATED], { world })));
  expect(new Set(ids).size).toBe(10);
  for (const id of ids) expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

it.each([22, 23, 24, 25, 26, 40])(
  'with %i descriptors either starts a session or says that it did not',
  async (limit) => {
    const world = temporaryWorld();
    const { code, stdout } = await shell(`ulimit -n ${limit}; ${csaWords} session start -- true`, { world });
    if (code !== 0) {
      // Fewer than Node itself needs end it in ways of its own, but never with an id.
      expect(stdout).toBe('');
      return;
    }
    expect((await waitFor([stdout.trim(), '--cap', '60s'], { world })).code).toBe(0);
  },
);
