import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runCsa, sessionDirectory, temporaryWorld, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../src/display-width.ts';
import { openGate, startGated, startJob } from './job.ts';
import { CLEAR, csaOnTerminal } from './pty.ts';

const DIM = '\u001b[2m';

describe('the live line of a wait', () => {
  it.each<[string, NodeJS.ProcessEnv, boolean, boolean]>([
    ['is drawn, in a quiet colour', {}, true, true],
    ['is drawn without colour for NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['is drawn in colour when NO_COLOR is empty', { NO_COLOR: '' }, true, true],
    ['is drawn without colour for FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['is not drawn on a dumb terminal', { TERM: 'dumb' }, false, false],
    ['is not drawn in CI', { CI: 'true', CSA_WAIT_CAP: '2500ms' }, false, false],
    ['is not drawn in CI for FORCE_COLOR either', { CI: '1', FORCE_COLOR: '1', CSA_WAIT_CAP: '2500ms' }, false, false],
    ['is drawn when CI is switched off', { CI: 'false' }, true, true],
    ["is not drawn in an agent's shell", { CLAUDECODE: '1' }, false, false],
    ["is not drawn in another agent's shell, whatever is forced", { GEMINI_CLI: '1', FORCE_COLOR: '1' }, false, false],
  ])('%s', async (_what, env, isDrawn, hasColour) => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const waiting = csaOnTerminal(`wait ${id} --cap 2500ms --heartbeat 1s`, { world, env });
    expect(await waiting.ended).toBe(0);
    const text = waiting.text();
    expect([text.includes(CLEAR), text.includes(DIM)]).toEqual([isDrawn, hasColour]);
    // What is not drawn anew is told in plain lines.
    expect(/^waiting \d+s/m.test(text)).toBe(!isDrawn);
    if (!isDrawn) expect(stripVTControlCharacters(text)).toBe(text);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^<!-- CSA:SESSION_WAIT_KV_WARM .* -->$/);
  });

  it('is as wide as the terminal is by then, however wide its characters are', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    appendFileSync(join(sessionDirectory(world, id), 'stdout.log'), `${'測試👍🏽é'.repeat(60)}\n`);
    const waiting = csaOnTerminal(`wait ${id} --cap 60s`, { world, columns: 120 });
    const widths = () =>
      waiting
        .text()
        .split(CLEAR)
        .slice(1)
        .map((line) => displayWidth(stripVTControlCharacters(line).replaceAll('\r', '')));
    const within = (width: number) => width > 0 && width;
    await until(() => widths().some((width) => width > 110 && width < 120), 'a wide line');
    await waiting.resize(60);
    await until(() => within(widths().at(-1) ?? 0) && (widths().at(-1) ?? 0) < 60, 'a narrow line');
    openGate(world);
    expect(await waiting.ended).toBe(0);
    expect(Math.max(...widths().slice(0, -1))).toBeLessThan(120);
  });

  it('leaves the terminal as it was, also when it is interrupted', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const waiting = csaOnTerminal(`wait ${id} --cap 60s`, { world });
    await until(() => waiting.text().includes(DIM), 'the live line');
    waiting.type('\u0003');
    expect(await waiting.ended).toBe(130);
    const text = waiting.text();
    expect(text.lastIndexOf(CLEAR)).toBeGreaterThan(text.lastIndexOf(DIM));
    // The cursor was never hidden, and lines wrap as they did.
    expect(text).not.toContain('\u001b[?25l');
    expect(text.split('\u001b[?7l').length).toBe(text.split('\u001b[?7h').length);
  });
});

describe('the words of a verdict', () => {
  it.each<[string, NodeJS.ProcessEnv, string, string]>([
    ['are green for a success', { FORCE_COLOR: '1' }, 'exit 0', 'finished: \u001b[32msuccess\u001b[39m'],
    ['are red for a failure', { FORCE_COLOR: '1' }, 'exit 3', 'finished: \u001b[31mfailure\u001b[39m'],
    ['are plain where nothing asks for colour', {}, 'exit 3', 'finished: failure'],
    ["are plain in an agent's shell", { FORCE_COLOR: '1', AI_AGENT: 'x' }, 'exit 3', 'finished: failure'],
    ['are plain for NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, 'exit 0', 'finished: success'],
  ])('%s, and markers never are', async (_what, env, script, words) => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', script], { world });
    for (const command of [
      ['wait', id, '--cap', '30s'],
      ['logs', id, '--follow'],
      ['attach', id],
    ]) {
      const { stdout, stderr } = await runCsa(['session', ...command], { world, env });
      expect(stderr).toContain(words);
      expect(stripVTControlCharacters(stdout)).toBe(stdout);
    }
  });
});

it('a terminal that takes nothing more keeps no wait from its answer', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'exit 3');
  const answer = join(world.home, 'answer');
  // The document is all that is said at the end; words for people would wait for the terminal.
  const waiting = csaOnTerminal(`wait ${id} --cap 60s --json >"${answer}"`, { world });
  await until(() => waiting.text().includes(DIM), 'the live line');
  await waiting.fill();
  openGate(world);
  const text = await until(() => readFileSync(answer, 'utf8'), 'the answer');
  expect(JSON.parse(text)).toMatchObject({ wait_result: 'finished', exit: 3 });
});
