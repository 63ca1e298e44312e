import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { thisHost } from './host.ts';
import { holdLifeline } from './lifeline.ts';
import { type LifelineRecord, lookAtLifeline } from './lifeline-look.ts';
import { watchLifeline } from './lifeline-watch.ts';
import { end, type Started, startNode } from './processes.test.fixture.ts';

const newPath = (): string => join(temporaryDirectory(), 'lifeline');
const recordOf = (path: string): LifelineRecord => {
  const { dev, ino } = statSync(path, { bigint: true });
  return { bootId: thisHost().bootId ?? '', dev: String(dev), ino: String(ino) };
};
const openFiles = (): number => readdirSync('/proc/self/fd').length;

const startHolder = async (path: string): Promise<Started> => {
  const module = `import { holdLifeline } from 'SRC/lifeline.ts';
    holdLifeline(process.argv[1]); console.log('held'); setInterval(() => {}, 1e9);`;
  const holder = startNode(module, [path]);
  await holder.line();
  return holder;
};

test('SIGKILL of the holder wakes the watcher, once, and leaves no descriptor', async () => {
  const path = newPath();
  const holder = await startHolder(path);
  const record = recordOf(path);
  const before = openFiles();
  let ends = 0;
  const watch = watchLifeline(path, record, () => {
    ends += 1;
  });
  expect(openFiles()).toBe(before + 1);
  end(holder.pid);
  await until(() => ends, 'the wake');
  expect(lookAtLifeline(path, record)).toBe('dead');
  await holder.ended;
  // The pipes to the holder are closed too by now.
  await until(() => openFiles() < before, 'closed descriptors');
  watch?.close();
  expect(ends).toBe(1);
});

test('a holder that is dead already is told, after the call has returned', async () => {
  const path = newPath();
  holdLifeline(path).release();
  const before = openFiles();
  let ends = 0;
  expect(
    watchLifeline(path, recordOf(path), () => {
      ends += 1;
    }),
  ).toBeDefined();
  expect(ends).toBe(0);
  await until(() => ends, 'the end');
  expect([ends, openFiles()]).toEqual([1, before]);
});

test('after close it is silent, whether the holder was dead before or dies later', async () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const record = recordOf(path);
  const before = openFiles();
  const ends: string[] = [];
  for (let round = 0; round < 100; round += 1) watchLifeline(path, record, () => ends.push('live'))?.close();
  await until(() => openFiles() === before, 'closed descriptors');
  const witness = watchLifeline(path, record, () => ends.push('witness'));
  const closed = watchLifeline(path, record, () => ends.push('closed'));
  lifeline.release();
  closed?.close();
  watchLifeline(path, record, () => ends.push('dead'))?.close();
  await until(() => ends.length > 0, 'the witness');
  await new Promise(setImmediate);
  expect(ends).toEqual(['witness']);
  witness?.close();
  await until(() => openFiles() === before - 1, 'closed descriptors');
});

test('what is written into it neither ends the watch nor hides the end', async () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  writeFileSync(path, 'before');
  const ends: string[] = [];
  watchLifeline(path, recordOf(path), () => ends.push('end'));
  for (let round = 0; round < 20; round += 1) {
    writeFileSync(path, 'x'.repeat(60_000));
    await new Promise(setImmediate);
  }
  expect(ends).toEqual([]);
  lifeline.release();
  await until(() => ends.length > 0, 'the end');
});

test('a FIFO put in its place does not disturb a watch', async () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const record = recordOf(path);
  const ends: string[] = [];
  watchLifeline(path, record, () => ends.push('end'));
  rmSync(path);
  expect(watchLifeline(path, record, () => ends.push('absent'))).toBeUndefined();
  const other = holdLifeline(path);
  expect(watchLifeline(path, record, () => ends.push('other'))).toBeUndefined();
  lifeline.release();
  await until(() => ends.length > 0, 'the end');
  expect(ends).toEqual(['end']);
  other.release();
});

const WATCHER = `import { watchLifeline } from 'SRC/lifeline-watch.ts';
  const watch = watchLifeline(process.argv[1], JSON.parse(process.argv[2]), () => console.log('ended'));
  console.log('watching');`;

test('a watch keeps the event loop alive until the end, and no longer', async () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const watcher = startNode(WATCHER, [path, JSON.stringify(recordOf(path))]);
  await watcher.line();
  expect(watcher.child.exitCode).toBeNull();
  lifeline.release();
  expect(await watcher.line(1)).toBe('ended');
  await watcher.ended;
  expect(watcher.child.exitCode).toBe(0);
});

test('after close the event loop drains though the holder lives', async () => {
  const path = newPath();
  const lifeline = holdLifeline(path);
  const watcher = startNode(`${WATCHER} watch.close();`, [path, JSON.stringify(recordOf(path))]);
  await watcher.ended;
  expect(watcher.child.exitCode).toBe(0);
  lifeline.release();
});
