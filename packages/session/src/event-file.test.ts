import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EventFile } from './event-file.ts';
import { namespace, runModule, withoutOverride } from './sessions.test.fixture.ts';

const SCHEMA = 'csa.test-event/1';
const MIB = 1024 * 1024;

function open(directory: string): EventFile {
  return new EventFile(directory, SCHEMA);
}

function textIn(directory: string, name = 'events.jsonl'): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** Each line as it was told; `undefined` for one that is no JSON. */
function told(text: string): Array<Record<string, unknown> | undefined> {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        return undefined;
      }
    });
}

describe('an event', () => {
  test('is one line of JSON that begins with its schema', () => {
    const directory = temporaryDirectory();
    const file = open(directory);
    file.tell({ event: 'one', text: 'a\nb\u2028' });
    file.tell({ event: 'two', left: undefined });
    expect(told(textIn(directory))).toEqual([
      { schema: SCHEMA, event: 'one', text: 'a\nb\u2028' },
      { schema: SCHEMA, event: 'two' },
    ]);
    expect(textIn(directory).startsWith('{"schema":"csa.test-event/1","event":"one"')).toBe(true);
  });

  test.each([0, 0o022, 0o777])('stands in a file for its owner alone under a umask of %i', (umask) => {
    const directory = temporaryDirectory();
    const before = process.umask(umask);
    try {
      open(directory).tell({});
    } finally {
      process.umask(before);
    }
    expect(statSync(join(directory, 'events.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('begins a line of its own behind one that a full disk has cut', () => {
    const directory = temporaryDirectory();
    const file = open(directory);
    file.tell({ at: 0 });
    const cut = '{"event":"one';
    appendFileSync(join(directory, 'events.jsonl'), cut);
    file.tell({ at: 1 });
    file.tell({ at: 2 });
    expect(textIn(directory).split('\n')[1]).toBe(cut);
    expect(told(textIn(directory)).map((line) => line?.['at'])).toEqual([0, undefined, 1, 2]);
  });

  test('that would fill the file by itself is not told', () => {
    const directory = temporaryDirectory();
    open(directory).tell({ text: 'x'.repeat(MIB) });
    expect(existsSync(join(directory, 'events.jsonl'))).toBe(false);
  });

  test('whatever it holds is a line, and both files stay bounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.nat({ max: 2 * MIB }),
        fc.string(),
        (events, filled, torn) => {
          const directory = temporaryDirectory();
          const path = join(directory, 'events.jsonl');
          writeFileSync(path, `${'x'.repeat(filled)}\n${torn}`);
          for (const event of events) open(directory).tell(event);
          const before = Math.max(filled + Buffer.byteLength(torn), MIB);
          const sizes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).size]);
          expect(sizes.map(([name]) => name)).toSatisfy((names: string[]) =>
            names.every((name) => name === 'events.jsonl' || name === 'events.1.jsonl'),
          );
          for (const [, size] of sizes) expect(size).toBeLessThan(before + 32 * 1024);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('takes two bounded files at most, and the newest events are among them', () => {
    const directory = temporaryDirectory();
    const file = open(directory);
    for (let i = 0; i < 12_000; i += 1) file.tell({ number: i, text: 'x'.repeat(200) });
    expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).size).toBeLessThan(1.1 * MIB);
    const lines = [...told(textIn(directory, 'events.1.jsonl')), ...told(textIn(directory))];
    const first = Number(lines[0]?.['number']);
    expect(lines.map((line) => line?.['number'])).toEqual(lines.map((_, i) => first + i));
    expect(lines.at(-1)).toMatchObject({ number: 11_999 });
  });
});

describe('where events cannot be told, nothing breaks and nothing else is touched:', () => {
  test.each<[string, (path: string) => void]>([
    ['a directory is in the place', (path) => mkdirSync(path)],
    ['a link is in the place', (path) => symlinkSync('/dev/full', path)],
    ['the next file is a directory', (path) => mkdirSync(join(path, '..', 'events.1.jsonl'))],
  ])('%s', (_, plant) => {
    const directory = temporaryDirectory();
    const path = join(directory, 'events.jsonl');
    plant(path);
    const before = readdirSync(directory).map((name) => lstatSync(join(directory, name)).mode);
    expect(() => open(directory).tell({})).not.toThrow();
    const after = readdirSync(directory, { withFileTypes: true }).filter((entry) => !entry.isFile());
    expect(after.map((entry) => lstatSync(join(directory, entry.name)).mode)).toEqual(before);
  });

  test('a full file whose successor cannot be moved goes on', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'events.1.jsonl'));
    writeFileSync(join(directory, 'events.jsonl'), `${'x'.repeat(MIB + 1)}\n`);
    expect(() => open(directory).tell({ event: 'last' })).not.toThrow();
    expect(textIn(directory)).toContain('"last"');
  });

  test('a FIFO is in the place', async () => {
    const directory = temporaryDirectory();
    const module = `import { EventFile } from 'SRC/event-file.ts'; new EventFile(process.argv[1], 's').tell({});`;
    const made = spawn('mkfifo', [join(directory, 'events.jsonl')]);
    await new Promise((resolve) => made.once('close', resolve));
    // One that waits for a reader would be ended after 30 s.
    expect(await runModule(module, { args: [directory] })).toMatchObject({ code: 0 });
    expect(lstatSync(join(directory, 'events.jsonl')).isFIFO()).toBe(true);
  });

  test('the directory is gone: it is not made again', () => {
    const directory = join(temporaryDirectory(), 'gone');
    open(directory).tell({});
    expect(existsSync(directory)).toBe(false);
  });

  test('a file is where the directory should be', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(() => open(path).tell({})).not.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('the directory cannot be written', async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o500);
    const module = `import { EventFile } from 'SRC/event-file.ts'; new EventFile(process.argv[1], 's').tell({});`;
    expect(await runModule(module, { args: [directory], through: withoutOverride() })).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });
});

test.runIf(namespace())('a full disk cuts the line that it has no room for, and no other', async () => {
  const directory = temporaryDirectory();
  const through = [
    ...(namespace() ?? []),
    'sh',
    '-c',
    `mount -t tmpfs -o size=16k tmpfs ${directory}; exec "$@"`,
    'sh',
  ];
  const module = `
    import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
    import { EventFile } from 'SRC/event-file.ts';
    const [directory] = process.argv.slice(1);
    const file = new EventFile(directory, 's');
    writeFileSync(directory + '/ballast', 'x'.repeat(4096));
    for (let number = 0; number < 300; number += 1) file.tell({ number, text: 'x'.repeat(100) });
    unlinkSync(directory + '/ballast');
    file.tell({ number: 'room' });
    process.stdout.write(readFileSync(directory + '/events.jsonl', 'utf8'));`;
  const { code, stdout, stderr } = await runModule(module, { args: [directory], through });
  expect([code, stderr]).toEqual([0, '']);
  const lines = told(stdout);
  expect(lines.filter((line) => line === undefined).length).toBeLessThanOrEqual(1);
  const numbers = lines.filter((line) => line !== undefined).map((line) => line['number']);
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers).toEqual([...numbers.slice(0, -1).keys(), 'room']);
});

const WRITER = `
  import { EventFile } from 'SRC/event-file.ts';
  const [directory, name, count] = process.argv.slice(1);
  const file = new EventFile(directory, 's');
  for (let number = 0; number < Number(count); number += 1) file.tell({ name, number, text: 'x'.repeat(150) });`;

test('ten writers at once lose and tear no line', async () => {
  const directory = temporaryDirectory();
  const names = Array.from({ length: 10 }, (_, i) => `writer-${i}`);
  const ran = await Promise.all(names.map((name) => runModule(WRITER, { args: [directory, name, '300'] })));
  expect(ran.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
  const lines = told(textIn(directory));
  for (const name of names) {
    const own = lines.filter((line) => line?.['name'] === name).map((line) => line?.['number']);
    expect(own).toEqual([...Array(300).keys()]);
  }
  expect(lines).toHaveLength(3_000);
});

test('of ten writers that fill the files at once each file stays bounded, and no line is torn', async () => {
  const directory = temporaryDirectory();
  const names = Array.from({ length: 10 }, (_, i) => `writer-${i}`);
  const ran = await Promise.all(names.map((name) => runModule(WRITER, { args: [directory, name, '2000'] })));
  expect(ran.map(({ code }) => code)).toEqual(names.map(() => 0));
  expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
  for (const name of readdirSync(directory)) {
    expect(statSync(join(directory, name)).size).toBeLessThan(1.1 * MIB);
    expect(told(textIn(directory, name))).not.toContain(undefined);
  }
});

test('a writer that is killed tears one line at most, and none of another', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'events.jsonl');
  const script = WRITER.replaceAll('SRC', import.meta.dirname);
  const flags = ['--conditions=csa-source', '--input-type=module', '-e', script, '--'];
  const doomed = Array.from({ length: 6 }, (_, i) => {
    const child = spawn(process.execPath, [...flags, directory, `doomed-${i}`, '1000000'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return { name: `doomed-${i}`, child, ended: new Promise((resolve) => child.once('close', resolve)) };
  });
  const survivor = runModule(WRITER, { args: [directory, 'survivor', '500'] });
  for (const { name, child, ended } of doomed) {
    await until(() => existsSync(path) && textIn(directory).includes(`"${name}"`), `a line of ${name}`);
    child.kill('SIGKILL');
    await ended;
  }
  expect(await survivor).toMatchObject({ code: 0 });
  open(directory).tell({ name: 'after' });
  const files = readdirSync(directory).map((name) => told(textIn(directory, name)));
  expect(files.flat().filter((line) => line === undefined).length).toBeLessThanOrEqual(doomed.length);
  expect(told(textIn(directory)).at(-1)).toMatchObject({ name: 'after' });
});
