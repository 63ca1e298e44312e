import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute } from './answer.ts';
import { openGate, startGated } from './job.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { type Program, program, shell } from './program.ts';

const CSA = `"${testNode()}" "${builtCsa}" session`;
const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');

/** Every command that prints for long, and what makes it print at once; of each one session lives and says nothing. */
const COMMANDS: [string, (id: string) => string][] = [
  ['events as text', () => 'events --follow --since 1h'],
  ['events as JSON', () => 'events --follow --since 1h --json'],
  ['a watched list', () => 'list --watch'],
  ['followed logs', (id) => `logs ${id} --follow`],
  ['attach', (id) => `attach ${id}`],
];

async function quietSession(world: World): Promise<string> {
  const id = await startGated(world);
  appendFileSync(join(sessionDirectory(world, id), 'stdout.log'), 'a line\n');
  return id;
}

describe('a reader that has stopped reading', () => {
  /** More to tell than fits between a program and its reader. */
  function muchToTell(world: World): void {
    for (let i = 0; i < 300; i += 1) makeFinished(world, idAt(LONG_AGO + i, ''));
  }
  const MUCH: [string, string][] = [
    ['events', 'events --follow --since 3650d --json'],
    ['a watched list', 'list --watch --limit all'],
  ];

  it.each(MUCH)('of a pipe keeps no signal from ending %s', async (_what, words) => {
    const world = temporaryWorld();
    muchToTell(world);
    const codeFile = join(world.home, 'code');
    // With one of its bytes the whole of what it has to say is on the way.
    const line = `{ ${CSA} ${words} & echo $! >&2; wait $!; echo $? >"${codeFile}"; } | { head -c 1; exec sleep 60; }`;
    const running = group(['sh', '-c', line], world);
    await until(() => running.stdout() !== '', 'the first byte');
    process.kill(Number(running.stderr()), 'SIGTERM');
    expect(await until(() => existsSync(codeFile) && readFileSync(codeFile, 'utf8'), 'its end')).toBe('143\n');
    expect(running.stderr().split('\n')).toHaveLength(2);
  });

  it.each(MUCH)('of a socket, as programs give it to each other, neither: %s', async (_what, words) => {
    const world = temporaryWorld();
    muchToTell(world);
    const follower = spawn(testNode(), [builtCsa, 'session', ...words.split(' ')], {
      cwd: world.project,
      env: world.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void follower.kill('SIGKILL'));
    const ended = new Promise((resolve) => follower.once('exit', resolve));
    await new Promise((resolve) => follower.stdout.once('readable', resolve));
    follower.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

describe('a reader that goes away while nothing happens', () => {
  it.each(COMMANDS.slice(0, 3))('is noticed by %s, which leaves with 0', async (_what, words) => {
    const world = temporaryWorld();
    const id = await quietSession(world);
    const { stdout, stderr } = await shell(`{ ${CSA} ${words(id)}; echo "ended $?" >&2; } | head -n 1`, { world });
    expect([stdout.includes(id.slice(0, 10)), stderr]).toEqual([true, 'ended 0\n']);
  });

  it('costs a reader of lines nothing but blanks in front of one', async () => {
    const world = temporaryWorld();
    await quietSession(world);
    const readers = ['events --follow --since 1h', 'events --follow --since 1h --json', 'list --watch'].map((words) =>
      group(['sh', '-c', `exec ${CSA} ${words}`], world),
    );
    for (const reader of readers) await until(() => reader.stdout().endsWith('\n '), 'a pulse', 20_000);
    openGate(world);
    for (const reader of readers) {
      await until(() => /\n +\S.*finished.*\n/.test(reader.stdout()), 'the next line', 20_000);
      expect(reader.stdout().replaceAll('\n ', '\n').trimEnd()).not.toMatch(/^\s*$/m);
    }
  });
});

describe('a parent that is gone', () => {
  it.each(COMMANDS)('is noticed by %s while nothing happens', async (_what, words) => {
    const world = temporaryWorld();
    const id = await quietSession(world);
    const parent = program(['sh', '-c', `${CSA} ${words(id)} & wait`], { world });
    await until(() => parent.stdout() !== '', 'the first line');
    parent.kill('SIGKILL');
    // Its pipes are closed by the last process that holds them.
    expect((await parent.ended).signal).toBe('SIGKILL');
  });
});

describe('few descriptors', () => {
  const FEW = 30;

  it('are enough to watch more sessions than that', async () => {
    const world = temporaryWorld();
    const ids: string[] = [];
    for (let i = 0; i < 14; i += 1) ids.push(await startGated(world));
    const follower = group(['sh', '-c', `ulimit -n ${FEW}; exec ${CSA} events --follow --since 1h --json`], world);
    const watch = group(['sh', '-c', `ulimit -n ${FEW}; exec ${CSA} list --watch`], world);
    const told = (reader: Program) => documentsIn(reader.stdout());
    await until(() => told(watch).length === ids.length && told(follower).length === ids.length, 'all of them');
    openGate(world);
    await until(() => told(follower).filter(({ type }) => type === 'finished').length === ids.length, 'their ends');
    await until(() => told(watch).filter(({ session }) => stateOf(session) === 'finished').length === ids.length, 'so');
    expect(told(watch).map(({ session }) => stateOf(session))).not.toContain('unknown');
    expect([follower.stderr(), watch.stderr()]).toEqual(['', '']);
  });
});

describe('trouble in reading', () => {
  /** A command of which some openings of one path fail with this error. */
  function failing(world: World, { words, path, fault }: { words: string; path: string; fault: string }) {
    const trace = join(world.home, `trace-${words.split(' ')[0]}`);
    const inject = ['-e', 'trace=openat', '-e', `inject=openat:${fault}`];
    const strace = ['strace', '-f', '-qq', '-o', trace, '-P', path, ...inject] as const;
    const running = group([...strace, testNode(), builtCsa, 'session', ...words.split(' ')], world);
    const faults = () => (existsSync(trace) ? readFileSync(trace, 'utf8').split('(INJECTED)').length - 1 : 0);
    return { ...running, faults };
  }
  const FOLLOWERS = ['events --follow --since 1h --json', 'list --watch'];

  it.each(FOLLOWERS)('that passes ends nothing: %s', async (words) => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const path = dirname(sessionDirectory(world, id));
    for (const fault of ['error=EMFILE:when=1', 'error=EIO:when=2..3']) {
      const reader = failing(world, { words, path, fault });
      await until(() => documentsIn(reader.stdout()).length > 0 && reader.faults() > 0, 'a fault, and the session');
      expect(reader.stderr()).toBe('');
    }
  });

  it.each(FOLLOWERS)('that stays is told as what it is: %s', async (words) => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const path = dirname(sessionDirectory(world, id));
    const { code, stdout, stderr } = await failing(world, { words, path, fault: 'error=EMFILE' }).ended;
    const said = words.includes('--json') ? JSON.parse(stdout) : { reason: reasonIn(stderr), message: stderr };
    expect([code, said]).toMatchObject([125, { reason: 'io-error', message: expect.stringContaining('ulimit -n') }]);
    expect(said.message).not.toContain('permissions');
  });

  it('of one session is no change of it', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    const path = join(sessionDirectory(world, id), 'daemon.pid');
    const watch = failing(world, { words: 'list --watch', path, fault: 'error=EMFILE:when=4..9' });
    await until(() => documentsIn(watch.stdout()).length > 0, 'the session');
    await until(() => watch.faults() === 6, 'the faults', 30_000);
    openGate(world);
    await until(() => documentsIn(watch.stdout()).at(-1)?.['session']?.exit === 3, 'its end', 20_000);
    expect(documentsIn(watch.stdout()).map(({ session }) => stateOf(session))).not.toContain('unknown');
  });
});

/** Killed after the test with all that it has started. */
function group(argv: readonly [string, ...string[]], world: World): Program {
  const running = program(argv, { world });
  onTestFinished(() => {
    try {
      process.kill(-running.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return running;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of several kinds
type Document = Record<string, any>;

function documentsIn(stdout: string): Document[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Document);
}

function stateOf(session: Document): string {
  return session['state'];
}

function reasonIn(stderr: string): string | undefined {
  return attribute(parseMarkers(stderr)[0], 'reason');
}
