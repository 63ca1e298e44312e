import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { child, collected, ended } from './child.test.fixture.ts';
import type { Report } from './report.ts';

const REPORT: Report = { exitCode: 3, stdout: ['one', 'tẅo'], stderr: ['words', 'more words'] };
const ALIVE: Report = { ...REPORT, exitCode: 0, needsOutput: true };
const emits = (report: Report): string => `
  import { emit } from 'SRC/emit.ts';
  emit(${JSON.stringify(report)});
`;
/** Emits when it is told to: when its stdin ends. */
const emitsLater = (report: Report): string => `
  import { emit } from 'SRC/emit.ts';
  process.stdin.resume().once('end', () => emit(${JSON.stringify(report)}));
`;

function opened(path: string, flags: string): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

it('writes both streams and leaves with the code', async () => {
  const started = child(emits(REPORT), ['ignore', 'pipe', 'pipe']);
  const [stdout, stderr] = [collected(started.stdout), collected(started.stderr)];
  expect(await ended(started)).toBe(3);
  expect([stdout.text(), stderr.text()]).toEqual(['one\ntẅo\n', 'words\nmore words\n']);
});

it('lets nothing that happens once it is shown change the answer, nor add to it', async () => {
  const onShown = `() => { throw new TypeError('a bug of ours') }`;
  const script = `
    import { emit } from 'SRC/emit.ts';
    emit({ ...${JSON.stringify(REPORT)}, onShown: ${onShown} });
  `;
  const started = child(script, ['ignore', 'pipe', 'pipe']);
  const [stdout, stderr] = [collected(started.stdout), collected(started.stderr)];
  expect(await ended(started)).toBe(3);
  expect([stdout.text(), stderr.text()]).toEqual(['one\ntẅo\n', 'words\nmore words\n']);
});

it('writes nothing at all where there is nothing to say', async () => {
  const started = child(emits({ exitCode: 0, stdout: [], stderr: [], needsOutput: true }), ['ignore', 'pipe', 'pipe']);
  const [stdout, stderr] = [collected(started.stdout), collected(started.stderr)];
  expect(await ended(started)).toBe(0);
  expect([stdout.text(), stderr.text()]).toEqual(['', '']);
});

it('writes nothing to stderr after stdout, where both go the same way', async () => {
  const path = join(temporaryDirectory(), 'both');
  const both = opened(path, 'a');
  expect(await ended(child(emits(REPORT), ['ignore', both, both]))).toBe(3);
  expect(readFileSync(path, 'utf8')).toBe('words\nmore words\none\ntẅo\n');
});

describe('a reader that went away', () => {
  it.each([REPORT, ALIVE])('changes nothing: $exitCode', async (report) => {
    const started = child(emitsLater(report), ['pipe', 'pipe', 'pipe']);
    const stderr = collected(started.stderr);
    const code = ended(started);
    started.stdout?.destroy();
    started.stdin?.end();
    expect(await code).toBe(report.exitCode);
    expect(stderr.text()).toBe('words\nmore words\n');
  });

  it('of the words does not keep the verdict back', async () => {
    const started = child(emitsLater(ALIVE), ['pipe', 'pipe', 'pipe']);
    const stdout = collected(started.stdout);
    const code = ended(started);
    started.stderr?.destroy();
    started.stdin?.end();
    expect(await code).toBe(0);
    expect(stdout.text()).toBe('one\ntẅo\n');
  });
});

describe('what is to be done once it is shown', () => {
  /** The exit code at the time; nothing where it was not done. */
  const shows = async (report: Report, stdio: readonly [unknown, unknown]): Promise<string> => {
    const noted = join(temporaryDirectory(), 'noted');
    const module = `
      import { emit } from 'SRC/emit.ts';
      import { writeFileSync } from 'node:fs';
      emit({ ...${JSON.stringify(report)}, onShown: () => writeFileSync('${noted}', 'code ' + process.exitCode) });
    `;
    await ended(child(module, ['ignore', ...stdio] as Parameters<typeof child>[1]));
    return existsSync(noted) ? readFileSync(noted, 'utf8') : '';
  };
  const WORDS: Report = { ...REPORT, stdout: [] };

  it('is done when the answer was written, with the exit code set, whatever becomes of the words', async () => {
    expect(await shows(REPORT, ['ignore', 'ignore'])).toBe('code 3');
    expect(await shows(REPORT, ['ignore', opened('/dev/full', 'w')])).toBe('code 3');
  });

  it('is not done when the answer was not', async () => {
    expect(await shows(REPORT, [opened('/dev/full', 'w'), 'ignore'])).toBe('');
    expect(await shows(ALIVE, [opened('/dev/full', 'w'), 'ignore'])).toBe('');
  });

  it('depends on the words where they are all that is left to say', async () => {
    expect(await shows(WORDS, ['ignore', 'ignore'])).toBe('code 3');
    expect(await shows(WORDS, ['ignore', opened('/dev/full', 'w')])).toBe('');
    expect(await shows({ ...WORDS, stderr: [] }, ['ignore', 'ignore'])).toBe('code 3');
  });
});

describe('a stdout that cannot be written', () => {
  it.each([
    [REPORT, 3],
    [{ ...REPORT, exitCode: 0 }, 0],
    [ALIVE, 125],
    [{ ...ALIVE, exitCode: 75 }, 125],
  ])('%j leaves with %i', async (report, code) => {
    const started = child(emits(report), ['ignore', opened('/dev/full', 'w'), 'pipe']);
    const stderr = collected(started.stderr);
    expect(await ended(started)).toBe(code);
    const isLost = report.needsOutput === true;
    expect(stderr.text()).toMatch(
      isLost ? /^words\nmore words\ncsa: .* could not be written .*\n$/ : /^words\nmore words\n$/,
    );
  });

  it('is not the same as a stderr that cannot', async () => {
    const started = child(emits(ALIVE), ['ignore', 'pipe', opened('/dev/full', 'w')]);
    const stdout = collected(started.stdout);
    expect(await ended(started)).toBe(0);
    expect(stdout.text()).toBe('one\ntẅo\n');
  });
});

it('waits for a slow reader of a pipe that does not block, and loses nothing', async () => {
  // More than a pipe or a socket holds; the middle of a character may fall on any boundary.
  const module = `
    import { emit } from 'SRC/emit.ts';
    import { writeSync } from 'node:fs';
    process.stdout._handle.setBlocking(false);
    let full = 0;
    try { for (;;) full += writeSync(1, 'x'.repeat(4096)); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
    const stdout = Array.from({ length: 10_000 }, (_, i) => i + 'ẅ'.repeat(100));
    emit({ exitCode: 0, stdout, stderr: ['full after ' + full], needsOutput: true });
  `;
  const started = child(module, ['ignore', 'pipe', 'pipe']);
  const stderr = collected(started.stderr);
  const code = ended(started);
  const full = Number(await until(() => /full after (\d+)\n/.exec(stderr.text())?.[1], 'a full pipe', 30_000));
  const stdout = collected(started.stdout);
  expect(await code).toBe(0);
  const lines = Array.from({ length: 10_000 }, (_, i) => `${i}${'ẅ'.repeat(100)}\n`).join('');
  expect(stdout.text().slice(full)).toBe(lines);
  expect(Buffer.byteLength(lines)).toBeGreaterThan(2_000_000);
});
