import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { thisHost } from './host.ts';
import { holdLifeline } from './lifeline.ts';
import { type LifelineRecord, lookAtLifeline } from './lifeline-look.ts';
import { end, startNode } from './processes.test.fixture.ts';

const bootId = thisHost().bootId ?? '';
const newPath = (): string => join(temporaryDirectory(), 'lifeline');
const recordOf = (path: string): LifelineRecord => {
  const { dev, ino } = statSync(path, { bigint: true });
  return { bootId, dev: String(dev), ino: String(ino) };
};
const openFiles = (): number => readdirSync('/proc/self/fd').length;

test('a held lifeline is alive, a released one dead, and it tells its device and inode', () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const record = recordOf(path);
  expect(lifeline).toMatchObject({ dev: record.dev, ino: record.ino });
  expect(lookAtLifeline(path, record)).toBe('alive');
  lifeline.release();
  lifeline.release();
  expect(lookAtLifeline(path, record)).toBe('dead');
});

test.each([0o000, 0o022, 0o077, 0o777])('its mode is 0600 under umask %o', (umask) => {
  const path = newPath();
  const script =
    "import { holdLifeline } from 'SRC/lifeline.ts'; process.umask(Number(process.argv[2])); holdLifeline(process.argv[1]);";
  const module = script.replaceAll('SRC', import.meta.dirname);
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', module, path, String(umask)], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(statSync(path).mode & 0o7777).toBe(0o600);
});

test('the holder killed is dead at once, also when a child of it lives on', async () => {
  const path = newPath();
  const holder = startNode(
    `import { spawn } from 'node:child_process';
    import { holdLifeline } from 'SRC/lifeline.ts';
    holdLifeline(process.argv[1]);
    console.log(spawn('sleep', ['60'], { stdio: 'ignore' }).pid);
    setInterval(() => {}, 1e9);`,
    [path],
    { detached: true },
  );
  const child = Number(await holder.line());
  expect(lookAtLifeline(path, recordOf(path))).toBe('alive');
  end(holder.pid);
  await holder.ended;
  expect(lookAtLifeline(path, recordOf(path))).toBe('dead');
  process.kill(child, 0);
});

test('what somebody wrote into it does not hide the end', () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  writeFileSync(path, 'x'.repeat(60_000));
  expect(lookAtLifeline(path, recordOf(path))).toBe('alive');
  expect(lookAtLifeline(path, recordOf(path))).toBe('alive');
  lifeline.release();
  expect(lookAtLifeline(path, recordOf(path))).toBe('dead');
});

test('a lifeline that is not the recorded one is not ours', () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const record = recordOf(path);
  expect(lookAtLifeline(path, { ...record, ino: `${record.ino}0` })).toBe('not-ours');
  expect(lookAtLifeline(path, { ...record, dev: `${record.dev}0` })).toBe('not-ours');
  expect(lookAtLifeline(path, { ...record, bootId: 'before' })).toBe('not-ours');
  rmSync(path);
  expect(lookAtLifeline(path, record)).toBe('absent');
  const other = holdLifeline(path);
  expect(lookAtLifeline(path, record)).toBe('not-ours');
  for (const held of [lifeline, other]) held.release();
});

test('planted things in its place are not ours, and nothing blocks', async () => {
  const directory = temporaryDirectory();
  const held = holdLifeline(join(directory, 'held'));
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('file'), '');
  mkdirSync(at('directory'));
  symlinkSync(at('held'), at('link'));
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  for (const name of ['file', 'directory', 'link', 'socket']) {
    expect(lookAtLifeline(at(name), recordOf(at(name))), name).toBe('not-ours');
  }
  expect(lookAtLifeline('/dev/zero', recordOf('/dev/zero'))).toBe('not-ours');
  expect(lookAtLifeline(at('none'), recordOf(at('file')))).toBe('absent');
  expect(lookAtLifeline(at('file/none'), recordOf(at('file')))).toBe('absent');
  held.release();
  server.close();
});

test('trouble in looking is an error, no verdict', () => {
  const path = newPath();
  const record = { bootId, dev: '1', ino: '1' };
  expect(lookAtLifeline(`${path}${'x'.repeat(300)}`, record)).toBe('error');
  const lifeline = holdLifeline(path);
  const script = `
    import { openSync } from 'node:fs';
    import { lookAtLifeline } from 'SRC/lifeline-look.ts';
    import { thisHost } from 'SRC/host.ts';
    thisHost();
    const full = () => { for (;;) openSync('/dev/null'); };
    try { full(); } catch {}
    process._rawDebug(lookAtLifeline(process.argv[1], JSON.parse(process.argv[2])));`.replaceAll(
    'SRC',
    import.meta.dirname,
  );
  const node = [process.execPath, '--input-type=module', '-e', script, path, JSON.stringify(recordOf(path))];
  const run = spawnSync('sh', ['-c', 'ulimit -n 60; exec "$@"', 'sh', ...node], { encoding: 'utf8' });
  expect(run.stderr).toBe('error\n');
  lifeline.release();
});

test('1000 looks of every kind leave no descriptor open', () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const record = recordOf(path);
  const before = openFiles();
  for (let round = 0; round < 1000; round += 1) {
    lookAtLifeline(path, record);
    lookAtLifeline(path, { ...record, ino: '1' });
    lookAtLifeline(`${path}-none`, record);
  }
  expect(openFiles()).toBe(before);
  lifeline.release();
  expect(openFiles()).toBe(before - 1);
});

test('a lifeline that cannot be made throws an error that names the path and the reason', () => {
  const path = newPath();
  expect(() => holdLifeline(join(path, 'none'))).toThrow(
    /^cannot make the lifeline .*none: .*No such file or directory/,
  );
  writeFileSync(path, 'kept');
  expect(() => holdLifeline(path)).toThrow(/File exists/);
  expect(statSync(path).size).toBe(4);
  const { PATH } = process.env;
  process.env['PATH'] = '/nowhere';
  try {
    expect(() => holdLifeline(`${path}2`)).toThrow(/mkfifo ENOENT/);
  } finally {
    process.env['PATH'] = PATH;
  }
});

test('a path that looks like an option is a path', () => {
  const directory = temporaryDirectory();
  const before = process.cwd();
  process.chdir(directory);
  try {
    holdLifeline('-m').release();
  } finally {
    process.chdir(before);
  }
  expect(statSync(join(directory, '-m')).isFIFO()).toBe(true);
});
