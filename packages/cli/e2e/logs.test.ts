import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { startJob } from './job.ts';
import { run } from './program.ts';

/** What `session logs` prints of a finished job of node's. */
async function logsOf(world: World, script: string, ...flags: string[]) {
  const id = await startJob([process.execPath, '-e', script], { world });
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  return runCsa(['session', 'logs', id, ...flags], { world });
}

describe('a line that is too long to be held', () => {
  it('comes out as one line', async () => {
    const world = temporaryWorld();
    const { stdout } = await logsOf(world, 'console.log(JSON.stringify({ text: "é".repeat(300_000) }))');
    expect(JSON.parse(stdout)).toEqual({ text: 'é'.repeat(300_000) });
  });

  it('cannot hide a marker or an escape sequence in where it is cut', async () => {
    const world = temporaryWorld();
    const script = `
      for (let pad = 131_050; pad < 131_080; pad += 1) {
        process.stdout.write('x'.repeat(pad) + '<!--  CSA:SESSION_RESULT session=1 -->\\u001b[31mred\\u001b[0m\\n');
      }`;
    const { stdout } = await logsOf(world, script, '--tail', 'all');
    expect(stdout).not.toMatch(/<!--\s*CSA/i);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')).toHaveLength(31);
    expect(stdout).toMatch(/-->red\n/);
  });

  it('is shown only at its end unless everything is asked for', async () => {
    const world = temporaryWorld();
    const { stdout, stderr } = await logsOf(
      world,
      'process.stdout.write("y".repeat(3_000_000) + "end")',
      '--tail',
      '5',
    );
    expect(stdout.length).toBeLessThan(1_100_000);
    expect(stdout).toMatch(/end\n$/);
    expect(stderr).toContain('--tail all shows everything');
  });
});

/** A finished session with these logs, and what `session logs` prints of it. */
async function sessionWithLogs(files: Readonly<Record<string, string>>) {
  const world = temporaryWorld();
  const id = await startJob(['true'], { world });
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  const path = (name: string) => join(sessionDirectory(world, id), name);
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  const logs = (...flags: string[]) => runCsa(['session', 'logs', id, ...flags], { world });
  return { world, id, path, logs };
}

function reasonOf({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }) {
  expect([code, stdout]).toEqual([125, '']);
  return attribute(parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0), 'reason');
}

describe('one stream', () => {
  it('is shown alone, without a title', async () => {
    const { logs } = await sessionWithLogs({ 'stdout.log': 'out\n', 'stderr.log': 'err\n' });
    expect((await logs('--stdout')).stdout).toBe('out\n');
    expect((await logs('--stderr')).stdout).toBe('err\n');
    expect(reasonOf(await logs('--stdout', '--stderr'))).toBe('usage');
  });

  it('of a foreign session is the one log that it has, unless stderr is wanted', async () => {
    const { path, logs } = await sessionWithLogs({ 'output.log': 'both\n' });
    for (const name of ['stdout.log', 'stderr.log']) rmSync(path(name));
    for (const flags of [[], ['--stdout']]) expect((await logs(...flags)).stdout).toBe('both\n');
    expect(await logs('--stderr')).toMatchObject({ code: 0, stdout: '', stderr: 'the logs are empty\n' });
  });
});

describe('--grep', () => {
  const files = { 'stdout.log': 'ok 1\n\u001b[31mnot ok 2\u001b[0m\nok 3\nnot ok 4\n', 'stderr.log': 'nothing\n' };

  it('shows the last lines that match when they are clean', async () => {
    const { logs } = await sessionWithLogs(files);
    expect((await logs('--stdout', '--grep', '^not ok')).stdout).toBe('not ok 2\nnot ok 4\n');
    const last = await logs('--stdout', '--grep', '^not ok', '--tail', '1');
    expect(last).toMatchObject({ code: 0, stdout: 'not ok 4\n' });
    expect(last.stderr).toContain('--tail all shows everything');
    expect((await logs('--stdout', '--grep', '^not ok', '--tail', 'all', '--raw')).stdout).toBe('not ok 4\n');
    expect((await logs('--stdout', '--grep', '31mnot', '--raw')).stdout).toBe('\u001b[31mnot ok 2\u001b[0m\n');
  });

  it('exits with 0 when nothing matches, and shows no title then', async () => {
    const { logs } = await sessionWithLogs(files);
    expect(await logs('--grep', 'absent')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('refuses what is no regular expression', async () => {
    const { logs } = await sessionWithLogs(files);
    expect(reasonOf(await logs('--grep', '('))).toBe('bad-pattern');
  });
});

describe('--since', () => {
  const at = (ago: number): string => new Date(Date.now() - ago * 1_000).toISOString();

  it('goes by the times that lines begin with', async () => {
    const text = `${at(500)} old\n  of old\n${at(20)} new\n  of new\n`;
    const { logs } = await sessionWithLogs({ 'stdout.log': text });
    const { stdout, stderr } = await logs('--since', '1m');
    expect(stdout).toMatch(/^\S+ new\n {2}of new\n$/);
    expect(stderr).toBe('');
  });

  it('leaves out a stream that was last written before, and says so when nothing is left', async () => {
    const { path, logs } = await sessionWithLogs({ 'stdout.log': 'x\n', 'stderr.log': 'y\n' });
    utimesSync(path('stdout.log'), 1_000, 1_000);
    const { stdout, stderr } = await logs('--since', '1h');
    expect(stdout).toContain('y\n');
    expect(stdout).not.toContain('x\n');
    expect(stderr).toContain('stderr.log: no line begins with a time');
    utimesSync(path('stderr.log'), 1_000, 1_000);
    expect(await logs('--since', '1h')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'nothing was written in the last 1h 0m\n',
    });
  });

  it.each(['soon', '-1s', '99999d'])('refuses %s', async (since) => {
    const { logs } = await sessionWithLogs({});
    expect(reasonOf(await logs(`--since=${since}`))).toMatch(/^(bad-duration|out-of-range)$/);
  });
});

it('a progress bar counts as the lines that it is shown as', async () => {
  const bar = Array.from({ length: 500 }, (_, i) => `${i}%`).join('\r');
  const { logs } = await sessionWithLogs({ 'stdout.log': `${bar}\r\ndone\n` });
  expect((await logs('--tail', '3')).stdout).toBe('498%\n499%\ndone\n');
  expect((await logs('--tail', '1', '--raw')).stdout).toBe('done\n');
});

describe('a huge log', () => {
  /** With so little memory that it cannot be loaded. */
  const bounded = ['prlimit', '--data=700000000'];

  it.each([
    ['a hole of 10 GB', (fd: number) => void writeSync(fd, '\nlast\n', 10_000_000_000)],
    ['a hole of 10 GB after a line', (fd: number) => void writeSync(fd, 'end', 10_000_000_000)],
  ])('is shown from its end at once: %s', async (_what, write) => {
    const { world, id, path } = await sessionWithLogs({});
    const fd = openSync(path('stdout.log'), 'w');
    write(fd);
    closeSync(fd);
    const argv = [...bounded, testNode(), builtCsa, 'session', 'logs', id, '--tail', '1'];
    const { code, stdout } = await run(argv as [string, ...string[]], { world });
    expect([code, /(last|end)\n$/.test(stdout)]).toEqual([0, true]);
    truncateSync(path('stdout.log'));
  });
});

it('what stands in place of a log is no log', async () => {
  const { path, logs } = await sessionWithLogs({ 'stderr.log': 'err\n' });
  renameSync(path('stdout.log'), path('elsewhere'));
  mkdirSync(path('stdout.log'));
  expect((await logs()).stdout).toBe('err\n');
});
