import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { openGate, startGated, startJob } from './job.ts';
import { shell } from './program.ts';
import { CLEAR, csaOnTerminal, terminal } from './pty.ts';

function print(world: World, id: string, text: string, name = 'stdout.log'): void {
  appendFileSync(join(sessionDirectory(world, id), name), text);
}

/** What was drawn in place of the status line: the line itself, and the logs that it made room for. */
function drawn(text: string): string[] {
  return text.split(CLEAR).map((part) => stripVTControlCharacters(part).replaceAll('\r', ''));
}

describe('on a terminal', () => {
  it('shows the last lines, then what comes, and one status line below; ends with the verdict and its code', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo done; exit 3');
    print(world, id, Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join(''));
    const attached = csaOnTerminal(`attach ${id}`, { world });
    await until(() => attached.text().includes('Ctrl-C leaves it alone'), 'the status line');
    print(world, id, 'a warning\n', 'stderr.log');
    await until(() => attached.text().includes('a warning'), 'what comes');
    openGate(world);
    expect(await attached.ended).toBe(3);
    const parts = drawn(attached.text());
    expect(parts[0]).toMatch(/^==> stdout.log <==\nline 10\n[\s\S]*line 29\n$/);
    expect(parts).toContain('==> stderr.log <==\na warning\n');
    expect(parts).toContain('==> stdout.log <==\ndone\n');
    for (const part of parts.filter((some) => some.includes('Ctrl-C'))) {
      expect(part).toMatch(new RegExp(`^${id} alive, \\d+s, last output \\d+s ago \\(Ctrl-C leaves it alone\\)$`));
    }
    expect(parts.at(-1)).toMatch(/^session \S+ finished: failure \(exit 3\)\n {2}done\n$/);
  });

  it('is left by Ctrl-C, which leaves the session alone and says how to come back', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 4');
    const attached = csaOnTerminal(`attach ${id}`, { world });
    await until(() => attached.text().includes('alive'), 'the status line');
    attached.type('\u0003');
    expect(await attached.ended).toBe(130);
    const words = drawn(attached.text()).at(-1) ?? '';
    expect(words).toMatch(/^Session \S+ goes on\.\n/);
    const [back = '', wait = '', stop = ''] = ['come back', 'wait', 'stop'].map(
      (what) => new RegExp(`^ +${what}: +(.*)$`, 'm').exec(words)?.[1] ?? '',
    );
    expect([back, wait, stop].map((command) => / session (\w+) /.exec(command)?.[1])).toEqual([
      'attach',
      'wait',
      'stop',
    ]);
    openGate(world);
    expect((await shell(wait, { world })).code).toBe(4);
    expect((await shell(back, { world })).code).toBe(4);
    expect((await shell(stop, { world })).code).toBe(0);
  });

  it('shows a question above the status line until its line is ended', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const attached = csaOnTerminal(`attach ${id}`, { world });
    await until(() => attached.text().includes('alive'), 'the status line');
    print(world, id, 'Continue? ');
    await until(() => /^Continue\? \n.* alive, /.test(drawn(attached.text()).at(-1) ?? ''), 'both');
    print(world, id, 'yes\n');
    await until(() => drawn(attached.text()).includes('==> stdout.log <==\nContinue? yes\n'), 'the whole line');
    await until(() => / alive, /.test(drawn(attached.text()).at(-1) ?? ''), 'the status line alone');
    expect(drawn(attached.text()).at(-1)).not.toContain('Continue');
    openGate(world);
    expect(await attached.ended).toBe(0);
  });

  it('shows progress in place, and only what is left of it when its line ends', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    print(world, id, '\r10%\r20%');
    const attached = csaOnTerminal(`attach ${id}`, { world });
    for (const state of ['20%', '30%']) {
      await until(() => new RegExp(`^${state}\\n.* alive, `).test(drawn(attached.text()).at(-1) ?? ''), state);
      print(world, id, '\r30%');
    }
    print(world, id, '\r100%\ndone\n');
    await until(() => drawn(attached.text()).includes('==> stdout.log <==\n100%\ndone\n'), 'the end of it');
    print(world, id, 'Password: ');
    await until(() => /^Password: \n/.test(drawn(attached.text()).at(-1) ?? ''), 'a question');
    attached.type('\u0003');
    expect(await attached.ended).toBe(130);
    // What stood there when it was left is still to be read.
    expect(drawn(attached.text()).at(-1)).toMatch(/^Password: \nSession \S+ goes on\.\n/);
    openGate(world);
  });

  it('keeps the time and the silence of a narrow terminal, rather than the id', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const attached = csaOnTerminal(`attach ${id}`, { world, columns: 40 });
    await until(() => drawn(attached.text()).some((part) => /^alive, \d+s, last output \d+s ago/.test(part)), 'both');
    await attached.resize(55);
    const short = new RegExp(`^${id.slice(0, 10)} alive, \\d+s, last output \\d+s ago`);
    await until(() => drawn(attached.text()).some((part) => short.test(part)), 'the beginning of the id');
    openGate(world);
    expect(await attached.ended).toBe(0);
  });

  it('reads nothing from the keyboard', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const line = `"${testNode()}" "${builtCsa}" session attach ${id}; read word; echo "got $word"`;
    const attached = terminal(line, { world });
    await until(() => attached.text().includes('alive'), 'the status line');
    attached.type('typed\r');
    await until(() => attached.text().includes('typed'), 'the echo');
    openGate(world);
    await until(() => attached.text().includes('got typed'), 'what the shell reads');
  });

  it('shows raw bytes without a status line', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    print(world, id, '\u001b[1mbold\u001b[0m\n');
    const attached = csaOnTerminal(`attach ${id} --raw`, { world });
    await until(() => attached.text().includes('\u001b[1mbold\u001b[0m'), 'the bytes');
    openGate(world);
    expect(await attached.ended).toBe(0);
    expect(attached.text()).not.toContain('Ctrl-C');
  });
});

describe('without a terminal', () => {
  it('is the same as following the logs with the exit code', async () => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', 'echo out; echo err >&2; exit 5'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    const attached = await runCsa(['session', 'attach', id], { world });
    expect(attached).toEqual(await runCsa(['session', 'logs', id, '--follow', '--exit-code'], { world }));
    expect(attached).toMatchObject({ code: 5, stdout: '==> stdout.log <==\nout\n==> stderr.log <==\nerr\n' });
  });

  it('of stdout alone there is no status line either', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'echo out');
    const line = `"${testNode()}" "${builtCsa}" session attach ${id} | cat`;
    const attached = terminal(line, { world });
    print(world, id, 'x\n');
    await until(() => attached.text().includes('x'), 'the logs');
    openGate(world);
    await attached.ended;
    expect(attached.text()).not.toContain('Ctrl-C');
  });
});

it('cannot find what is not there', async () => {
  const world = temporaryWorld();
  expect((await runCsa(['session', 'attach', '01M0F77JH0BVPHYFAVF40A3GZ5'], { world })).code).toBe(125);
});

it('logs that are followed on a terminal show a question and progress in the same way', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const follower = csaOnTerminal(`logs ${id} --follow --stdout`, { world });
  print(world, id, 'first\n\r10%\r20%');
  await until(() => drawn(follower.text()).at(-1) === '20%', 'progress');
  print(world, id, '\r100%\nName: ');
  await until(() => drawn(follower.text()).at(-1) === 'Name: ', 'a question');
  print(world, id, 'Ann\n');
  openGate(world);
  expect(await follower.ended).toBe(0);
  expect(drawn(follower.text()).join('')).toMatch(/^first\n[\s\S]*100%\n[\s\S]*Name: Ann\n/);
});
