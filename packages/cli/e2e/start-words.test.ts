import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { sessionFile, startedMarker, startJob } from './job.ts';

/** A program that prints its words, its directory and what is on its stdin. */
const ECHO = `
import { readFileSync } from 'node:fs';
const stdin = readFileSync(0, 'utf8');
console.log(JSON.stringify({ words: process.argv.slice(2), cwd: process.cwd(), stdin }));
`;

interface Echoed {
  readonly words: string[];
  readonly cwd: string;
  readonly stdin: string;
}

function echoWorld(): { world: World; script: string } {
  const world = temporaryWorld();
  const script = join(world.home, 'echo.mjs');
  writeFileSync(script, ECHO);
  return { world, script };
}

async function echoed(world: World, id: string): Promise<Echoed> {
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
  return JSON.parse(sessionFile(world, id, 'stdout.log')) as Echoed;
}

describe('what stands after --', () => {
  it.each([
    ['another --', ['test', '--', '--grep', 'a']],
    ['a -- first and last', ['--', 'x', '--']],
    ['an empty word', ['']],
    ['words with spaces and quotes', ['a b', `it's`, '"q"', '`x`', '$HOME', '$(touch hacked)', '\\']],
    ['lines', ['one\ntwo\n', '\t']],
    ['words with a leading dash', ['-n', '-', '--cd', '/nowhere', '--env', '--tool=x', '--no-such-flag']],
    ['flags of this program', ['--help', '--json', '--version', '-h']],
    ['ids and commands of this program', ['session', 'wait', 'session:wait']],
    ['other alphabets', ['日本語', '🙂', 'e\u0301']],
    ['stars', ['*', '~', '?', '{a,b}', '!x']],
  ])('arrives unchanged: %s', async (_title, words) => {
    const { world, script } = echoWorld();
    const id = await startJob([testNode(), script, ...words], { world });
    expect(await echoed(world, id)).toEqual({ words, cwd: world.project, stdin: '' });
  });

  it('arrives unchanged also when flags stand before it, and when it is named like one of them', async () => {
    const { world, script } = echoWorld();
    const other = join(world.home, 'other');
    mkdirSync(other);
    const id = await startJob([testNode(), script, '--cd', '/x', '--', 'ls'], { world }, [
      '--cd',
      other,
      '--tool',
      't',
    ]);
    const elsewhere = { ...world, project: other };
    expect(await echoed(elsewhere, id)).toEqual({ words: ['--cd', '/x', '--', 'ls'], cwd: other, stdin: '' });
  });

  it('may be a command with an empty word', async () => {
    const world = temporaryWorld();
    const id = await startJob(['printf', '<%s>', ''], { world });
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
    expect(sessionFile(world, id, 'stdout.log')).toBe('<>');
  });

  it('may be a great many words', async () => {
    const { world, script } = echoWorld();
    const words = Array.from({ length: 2_000 }, (_, i) => `word-${i}-${'x'.repeat(40)}`);
    expect((await echoed(world, await startJob([testNode(), script, ...words], { world }))).words).toEqual(words);
  });
});

describe('a start without a command', () => {
  it.each([
    [[]],
    [['--']],
    [['npm', 'test']],
    [['ls', '--', 'ls']],
    [['--', '']],
    [['--cd', '.', '--']],
    [['01M0F77JH0BVPHYFAVF40A3GZ5']],
  ])('is refused with 125, a marker on stderr and nothing on stdout: %j', async (args) => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['session', 'start', ...args], { world });
    expect([code, stdout]).toEqual([125, '']);
    const [marker] = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '');
    expect([marker?.name, attribute(marker, 'reason')]).toEqual(['SESSION_ERROR', 'missing-command']);
    expect((await runCsa(['session', 'list', '--json'], { world })).stdout).toContain('"sessions":[]');
  });

  it.each([
    [['--env', 'NOVALUE', '--', 'true'], 'bad-env'],
    [['--env', 'CSA_SESSION_ID=x', '--', 'true'], 'bad-env'],
    [['--max-time', 'soon', '--', 'true'], 'bad-duration'],
    [['--max-time', '0', '--', 'true'], 'out-of-range'],
    [['--cd', '/no/such/directory', '--', 'true'], 'invalid-directory'],
    [['--no-such-flag', '--', 'true'], 'usage'],
    [['ls', '-l'], 'missing-command'],
  ])('or with flags that cannot be meant is refused, and starts nothing: %j', async (args, reason) => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['session', 'start', ...args], { world });
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
    expect((await runCsa(['session', 'list', '--json'], { world })).stdout).toContain('"sessions":[]');
  });
});

describe('an open stdin with something in it', () => {
  it.each([
    ['start', ['session', 'start', '--', 'cat']],
    ['start without a command', ['session', 'start']],
    ['wait without an id', ['session', 'wait']],
    ['status without an id', ['session', 'status']],
    ['list', ['session', 'list']],
  ])('is neither waited for nor read by %s', async (_title, args) => {
    const world = temporaryWorld();
    const child = spawn(testNode(), [builtCsa, ...args], {
      cwd: world.project,
      env: world.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.on('error', () => {});
    child.stdin.write('01M0F77JH0BVPHYFAVF40A3GZ5\n');
    // The pipe stays open: a program that waits for its end would not end.
    await until(() => child.exitCode !== null, `${args.join(' ')} to end`);
    if (args.includes('cat')) {
      const id = startedMarker(output).get('id') ?? '';
      expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
      expect(sessionFile(world, id, 'stdout.log')).toBe('');
    } else expect(output).not.toContain('01M0F77JH0BVPHYFAVF40A3GZ5');
  });
});
