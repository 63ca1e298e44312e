import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { answersOf, startProgram } from './processes.test.fixture.ts';
import { Register } from './register.ts';
import { count, object } from './shape.ts';

const parse = object<{ n: number }>({ n: count });

function registerIn(directory: string): Register<{ n: number }> {
  return new Register({ directory, name: 'some', parse });
}

describe('a register', () => {
  test('that was never written is version 0, and reading it makes nothing', () => {
    const directory = join(temporaryDirectory(), 'below');
    expect(registerIn(directory).read()).toEqual({ number: 0, reading: { kind: 'absent' } });
    expect(readdirSync(join(directory, '..'))).toEqual([]);
  });

  test('reads the newest version, keeps the one before it, and both are for their owner alone', () => {
    const directory = join(temporaryDirectory(), 'below');
    const register = registerIn(directory);
    for (let n = 0; n < 12; n += 1) expect(register.tryWrite(n, { n: n * 10 })).toBe(true);
    expect(register.read()).toEqual({ number: 12, reading: { kind: 'present', value: { n: 110 } } });
    expect(readdirSync(directory).sort()).toEqual(['some.11.json', 'some.12.json']);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'some.12.json')).mode & 0o777).toBe(0o600);
  });

  test('refuses whoever read an older version, also one whose number is free again', () => {
    const register = registerIn(temporaryDirectory());
    for (let n = 0; n < 5; n += 1) register.tryWrite(n, { n });
    for (const stale of [0, 1, 2, 3, 4]) expect(register.tryWrite(stale, { n: 99 })).toBe(false);
    expect(register.read()).toEqual({ number: 5, reading: { kind: 'present', value: { n: 4 } } });
  });

  test('finds its newest version among more names than a call takes arguments', () => {
    const directory = temporaryDirectory();
    spawnSync('sh', ['-c', 'seq -f some.%.0f.json 1 150000 | xargs touch'], { cwd: directory });
    const register = registerIn(directory);
    expect(register.read().number).toBe(150_000);
    expect(register.tryWrite(149_999, { n: 7 })).toBe(false);
  });

  test('is removed by whoever has read its newest version, with its drafts, and begins anew', () => {
    const directory = temporaryDirectory();
    const register = registerIn(directory);
    for (let n = 0; n < 3; n += 1) register.tryWrite(n, { n });
    writeFileSync(join(directory, '.some.4.abc'), '');
    expect(register.tryRemove(2)).toBe(false);
    expect(register.read().number).toBe(3);
    expect(register.tryRemove(3)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
    expect(register.tryWrite(0, { n: 7 })).toBe(true);
  });

  test('is not written behind a version that was removed in the last moment', async () => {
    const directory = temporaryDirectory();
    const register = registerIn(directory);
    for (let n = 0; n < 3; n += 1) register.tryWrite(n, { n });
    const module = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const [directory] = process.argv.slice(1);
      const { linkSync } = fs;
      fs.linkSync = (...paths) => {
        for (const name of ['some.2.json', 'some.3.json']) fs.rmSync(directory + '/' + name);
        linkSync(...paths);
      };
      syncBuiltinESMExports();
      const { Register } = await import('SRC/register.ts');
      const register = new Register({ directory, name: 'some', parse: (value) => value });
      console.log(JSON.stringify([register.tryWrite(3, { n: 9 }), register.read().number]));`;
    expect(await answersOf([{ module, args: [directory] }])).toEqual([[false, 0]]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('leaves other names beside it alone', () => {
    const directory = temporaryDirectory();
    const others = ['someone.7.json', 'some.07.json', 'some.x.json', 'some.9.json.bak', 'some.9999999999999.json'];
    for (const name of others) writeFileSync(join(directory, name), '{"n":1}');
    const register = registerIn(directory);
    expect(register.read().number).toBe(0);
    expect(register.tryWrite(0, { n: 3 })).toBe(true);
    expect(readdirSync(directory).sort()).toEqual([...others, 'some.1.json'].sort());
  });

  test.each<[string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['torn', (path) => writeFileSync(path, '{"n":')],
    ['of another form', (path) => writeFileSync(path, '{"m":1}')],
    ['huge', (path) => writeFileSync(path, ' '.repeat(2 * 1024 * 1024))],
    ['a directory', (path) => mkdirSync(path)],
    ['a link to a good one', (path) => symlinkSync(goodFile(), path)],
    ['a link to nowhere', (path) => symlinkSync('nowhere', path)],
  ])('whose newest version is %s says so, and goes on behind it', (_, plant) => {
    const directory = temporaryDirectory();
    const register = registerIn(directory);
    register.tryWrite(0, { n: 1 });
    plant(join(directory, 'some.2.json'));
    expect(register.read().number).toBe(2);
    expect(register.read().reading.kind).not.toBe('present');
    expect(register.tryWrite(2, { n: 3 })).toBe(true);
    expect(register.read()).toEqual({ number: 3, reading: { kind: 'present', value: { n: 3 } } });
  });

  test('in a place that is no directory is version 0, and cannot be written', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(registerIn(path).read()).toEqual({ number: 0, reading: { kind: 'absent' } });
    expect(() => registerIn(path).tryWrite(0, { n: 1 })).toThrow('EEXIST');
  });

  test('that cannot be written keeps its value and leaves no debris', () => {
    const directory = temporaryDirectory();
    const register = registerIn(directory);
    register.tryWrite(0, { n: 1 });
    const cyclic: { n: number; self?: unknown } = { n: 2 };
    cyclic.self = cyclic;
    expect(() => register.tryWrite(1, cyclic)).toThrow('circular');
    expect(readdirSync(directory)).toEqual(['some.1.json']);
    expect(JSON.parse(readFileSync(join(directory, 'some.1.json'), 'utf8'))).toEqual({ n: 1 });
  });
});

test('a draft that was passed while its writer slept is never linked, although its number is free again', () => {
  const directory = temporaryDirectory();
  const register = registerIn(directory);
  register.tryWrite(0, { n: 0 });
  // Between the draft and the link all the others write.
  const passing = {
    toJSON: () => {
      for (let n = 1; n <= 5; n += 1) registerIn(directory).tryWrite(n, { n });
      return { n: 99 };
    },
  };
  expect(register.tryWrite(1, passing as never)).toBe(false);
  const drafts = ['.some.3.0a1b2c3d4e5f', '.some.6.0a1b2c3d4e5f', '.some.7.0a1b2c3d4e5f', '.other.1.0a1b2c3d4e5f'];
  for (const draft of drafts) writeFileSync(join(directory, draft), '');
  register.tryWrite(6, { n: 6 });
  register.tryWrite(7, { n: 7 });
  // Those for versions that are gone went with them.
  expect(readdirSync(directory).sort()).toEqual([
    '.other.1.0a1b2c3d4e5f',
    '.some.7.0a1b2c3d4e5f',
    'some.7.json',
    'some.8.json',
  ]);
});

test('a reader finds a value at every moment while others write', async () => {
  const directory = temporaryDirectory();
  registerIn(directory).tryWrite(0, { n: 0 });
  const writing = `
    import { Register } from 'SRC/register.ts';
    const register = new Register({ directory: process.argv[1], name: 'some', parse: (value) => value });
    for (let n = 1; n <= 400; n += 1) register.tryWrite(n, { n });
    console.log('{}');`;
  let isOver = false;
  const written = answersOf([{ module: writing, args: [directory] }]).then(() => {
    isOver = true;
  });
  const kinds = new Set<string>();
  while (!isOver) {
    for (let i = 0; i < 50; i += 1) kinds.add(registerIn(directory).read().reading.kind);
    await new Promise(setImmediate);
  }
  await written;
  expect(kinds).toEqual(new Set(['present']));
});

test('eight processes that count in one register at once lose nothing', async () => {
  const directory = temporaryDirectory();
  const module = `
    import { Register } from 'SRC/register.ts';
    import { object, count } from 'SRC/shape.ts';
    const register = new Register({ directory: process.argv[1], name: 'some', parse: object({ n: count }) });
    const written = [];
    while (written.length < 40) {
      const { number, reading } = register.read();
      const n = reading.kind === 'present' ? reading.value.n : 0;
      if (register.tryWrite(number, { n: n + 1 })) written.push(number + 1);
    }
    console.log(JSON.stringify(written));`;
  const written = await answersOf<number[]>(Array.from({ length: 8 }, () => ({ module, args: [directory] })));
  expect(written.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 320 }, (_, i) => i + 1));
  expect(registerIn(directory).read()).toEqual({ number: 320, reading: { kind: 'present', value: { n: 320 } } });
  expect(readdirSync(directory).sort()).toEqual(['some.319.json', 'some.320.json']);
});

describe('a writer that is killed', () => {
  test('before its draft is a version leaves the old one, and the next writer goes on', async () => {
    const directory = temporaryDirectory();
    const register = new Register<number>({ directory, name: 'some', parse: Number });
    register.tryWrite(0, 7);
    const module = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      fs.linkSync = () => process.kill(process.pid, 'SIGKILL');
      syncBuiltinESMExports();
      const { Register } = await import('SRC/register.ts');
      new Register({ directory: process.argv[1], name: 'some', parse: Number }).tryWrite(1, 8);`;
    const child = startProgram({ module, args: [directory] });
    await until(() => child.signalCode === 'SIGKILL', 'its end');
    expect(readdirSync(directory).filter((name) => name.startsWith('.some.2.'))).toHaveLength(1);
    expect(register.read()).toMatchObject({ number: 1, reading: { value: 7 } });
    for (let n = 1; n <= 4; n += 1) expect(register.tryWrite(n, n)).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['some.4.json', 'some.5.json']);
  });
});

function goodFile(): string {
  const path = join(temporaryDirectory(), 'good');
  writeFileSync(path, '{"n":1}');
  return path;
}
