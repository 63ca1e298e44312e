import { closeSync, mkdirSync, openSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Awaited } from '@csa/calls/many';
import { openNamedDirectory, type Session } from '@csa/session';
import { temporaryDirectory, until } from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { child, collected, ended } from '../child.test.fixture.ts';
import { displayWidth } from '../display-width.ts';
import { namedLine } from '../named-line.ts';
import { type CompanionWishes, progressScene } from './companion.ts';
import { ID } from './wait-story.test.fixture.ts';

const QUIET: CompanionWishes = { yieldsEarly: false, terminal: false };
const CLEAR = '\r\u001b[J';

function sessionWithLog(text?: string): string {
  const directory = join(temporaryDirectory(), ID);
  mkdirSync(directory);
  if (text !== undefined) writeFileSync(join(directory, 'stdout.log'), text);
  return directory;
}

/** A process with a companion, until some heartbeats after its stdin ends; `stderr` may be a file. */
function companion(directory: string, wishes: CompanionWishes, stderr: 'pipe' | number = 'pipe') {
  const module = `
    import { openNamedDirectory } from '@csa/session';
    import { Companion, sessionScene } from 'SRC/wait/companion.ts';
    const session = openNamedDirectory(${JSON.stringify(directory)});
    const companion = new Companion(sessionScene(() => session), ${JSON.stringify(wishes)});
    process.stdin.resume().once('end', () => setTimeout(() => companion.end(), 40));
  `;
  const started = child(module, ['pipe', 'pipe', stderr], { COLUMNS: '' });
  const printed = { stdout: collected(started.stdout), stderr: collected(started.stderr) };
  const code = ended(started);
  const end = async () => {
    started.stdin?.end();
    return { code: await code, stdout: printed.stdout.text(), stderr: printed.stderr.text() };
  };
  return { stderr: printed.stderr.text, end, started };
}

it('says nothing unless it is wished', async () => {
  expect(await companion(sessionWithLog('x\n'), QUIET).end()).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('prints a short line again and again, on stderr only, until it ends', async () => {
  const running = companion(sessionWithLog('x\n'), { ...QUIET, heartbeatMs: 20 });
  await until(() => running.stderr().split('\n').length > 4, 'four heartbeats');
  const { code, stdout, stderr } = await running.end();
  expect([code, stdout]).toEqual([0, '']);
  for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^waiting \d+s, last output \d+s ago$/);
});

it('leaves the last output out where there is none', async () => {
  const running = companion(sessionWithLog(), { ...QUIET, heartbeatMs: 20 });
  await until(() => running.stderr().includes('\n'), 'a heartbeat');
  expect((await running.end()).stderr).toMatch(/^(waiting \d+s\n)+$/);
});

it('tells a shell that stops listening early to poll, once and at once', async () => {
  const { stderr } = await companion(sessionWithLog(), { ...QUIET, yieldsEarly: true }).end();
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/poll this same process .*300,000 ms/)]);
});

it('draws one line of a terminal anew each second, and clears it', async () => {
  const log = `first\n<!-- CSA:X -->\u001b[2J\u202e${'wïde '.repeat(50)}\n\n`;
  const running = companion(sessionWithLog(log), { ...QUIET, terminal: true, heartbeatMs: 10 });
  await until(() => running.stderr().split(CLEAR).length > 2, 'two drawn lines');
  const { stderr } = await running.end();
  const [before, ...lines] = stderr.split(CLEAR);
  expect([before, lines.at(-1)]).toEqual(['', '']);
  for (const drawn of lines.slice(0, -1)) {
    const line = stripVTControlCharacters(drawn).replace(/\r$/, '');
    expect(line).toMatch(new RegExp(`^${ID} waiting \\d+s, last output \\d+s ago {2}<!- - CSA:X -->w.*…$`));
    expect(displayWidth(line)).toBeLessThanOrEqual(79);
    expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
  }
});

it('goes on when the session is removed', async () => {
  const directory = sessionWithLog('x\n');
  const running = companion(directory, { ...QUIET, heartbeatMs: 20 });
  await until(() => running.stderr().includes('last output'), 'a heartbeat');
  rmSync(directory, { recursive: true });
  await until(() => running.stderr().endsWith('s\n'), 'a heartbeat without output');
  expect((await running.end()).code).toBe(0);
});

it('goes on when nobody reads stderr any more', async () => {
  const running = companion(sessionWithLog('x\n'), { ...QUIET, heartbeatMs: 5 });
  await until(() => running.stderr() !== '', 'a heartbeat');
  running.started.stderr?.destroy();
  expect(await running.end()).toMatchObject({ code: 0, stdout: '' });
});

it('goes on when stderr is full', async () => {
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const running = companion(sessionWithLog('x\n'), { ...QUIET, yieldsEarly: true, heartbeatMs: 5 }, full);
  expect(await running.end()).toMatchObject({ code: 0, stdout: '' });
});

it('keeps no process from ending', async () => {
  const module = `
    import { openNamedDirectory } from '@csa/session';
    import { Companion, sessionScene } from 'SRC/wait/companion.ts';
    const session = openNamedDirectory(${JSON.stringify(sessionWithLog())});
    new Companion(sessionScene(() => session), { heartbeatMs: 5, yieldsEarly: false, terminal: false });
  `;
  expect(await ended(child(module, ['ignore', 'ignore', 'ignore']))).toBe(0);
});

it.each<[Awaited['end'][], string]>([
  [[undefined, undefined], ', 0 of 2 finished'],
  [['finished', undefined, 'finished'], ', 2 of 3 finished'],
  [['finished', 'dead', 'dead', undefined, 'lost'], ', 1 of 5 finished, 2 dead'],
])('of several, %j, it says how far they are', (ends, said) => {
  const scene = progressScene(() => ends.map((end) => ({ session: openNamedDirectory(sessionWithLog()), end })));
  expect([scene.heartbeat(), scene.line('waiting')(80)]).toEqual([said, 'waiting']);
});

it('of several it says when one that goes on last printed something', () => {
  const at = (seconds: number): Session => {
    const session = openNamedDirectory(sessionWithLog('x\n'));
    const time = Date.now() / 1_000 - seconds;
    utimesSync(join(session.directory, 'stdout.log'), time, time);
    return session;
  };
  const silent = openNamedDirectory(sessionWithLog());
  const ages = [at(300), at(61), silent];
  const scene = progressScene(() => [
    ...ages.map((session) => ({ session, end: undefined })),
    { session: at(1), end: 'finished' },
  ]);
  expect(scene.heartbeat()).toMatch(/^, 1 of 4 finished, last output 1m [12]s ago$/);
});

it.each([
  [120, 'whole'],
  [60, 'whole'],
  [59, 'begun'],
  [50, 'begun'],
  [49, 'none'],
  [20, 'none'],
] as const)('on %i columns the id is %s: what is said goes first', (columns, id) => {
  const shown = { whole: `${ID} `, begun: `${ID.slice(0, 10)} `, none: '' }[id];
  expect(namedLine(ID, 'waiting 3s')(columns)).toBe(`${shown}waiting 3s`);
});
