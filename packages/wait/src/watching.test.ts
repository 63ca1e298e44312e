import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LIFELINE_FILE, publishResult, readDaemon } from '@csa/session';
import { until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { SessionSource } from './session-source.ts';
import {
  daemonProcess,
  foreignSession,
  type Living,
  livingSession,
  RESULT,
  resumeTarget,
} from './sessions.test.fixture.ts';
import { waitForMany } from './wait-for-many.ts';
import { BoundedWatching, SharedWatching } from './watching.ts';

const openFiles = (): number => readdirSync('/proc/self/fd').length;
/** Far less than the look that is taken every five seconds anyway. */
const SOON_MS = 4_000;

test('sessions that share their watches are answered as soon as each has ended', async () => {
  const living = await Promise.all([livingSession(), livingSession(), livingSession()]);
  const watching = new SharedWatching();
  const sources = living.map(({ session }) => new SessionSource(session, undefined, watching));
  setTimeout(() => {
    publishResult((living[2] as Living).session, RESULT);
    (living[1] as Living).die();
  }, 20);
  const { members, elapsedMs } = await waitForMany(sources, { need: 2 });
  expect(members.map(({ waited }) => waited.end.kind)).toEqual(['alive', 'dead', 'finished']);
  expect(elapsedMs).toBeLessThan(SOON_MS);
});

test.each([
  ['as many as there is room for', 96, 16],
  ['none where there is no room', 40, 0],
])('lifelines are held open, %s', async (_, descriptors, held) => {
  const living = await Promise.all(Array.from({ length: 20 }, () => livingSession()));
  const watching = new SharedWatching(descriptors);
  const before = openFiles();
  const counts: number[] = [];
  const { members } = await waitForMany(
    living.map(({ session }) => new SessionSource(session, undefined, watching)),
    { need: 20, capMs: 60, onEnd: () => counts.push(openFiles() - before) },
  );
  expect(members.every(({ waited }) => waited.end.kind === 'alive')).toBe(true);
  // What else is open for a moment is a directory that is being read, and the watcher.
  expect(Math.max(...counts)).toBeLessThanOrEqual(held + 8);
  expect(members.filter(({ waited }) => waited.eventsComplete).length).toBeLessThanOrEqual(held);
});

test('whoever joins others late is told of every change, too', async () => {
  const watching = new BoundedWatching();
  const hints: number[] = [];
  const living = [await livingSession(), await livingSession()];
  const watches = [];
  for (const [index, { session }] of living.entries()) {
    const source = new SessionSource(session, undefined, watching);
    const watch = source.watch(() => hints.push(index));
    await source.observe();
    expect(watch.complete).toBe(true);
    watches.push(watch);
  }
  publishResult((living[1] as Living).session, RESULT);
  await until(() => hints.includes(1), 'a hint');
  (living[0] as Living).die();
  await until(() => hints.includes(0), 'another one');
  for (const watch of watches) watch.close();
});

test('a lifeline that was let go makes room for another, once', async () => {
  const [first, second] = [await livingSession(), await livingSession()];
  const watching = new SharedWatching(66);
  const hold = ({ session }: Living) => {
    const record = readDaemon(session);
    if (record.kind !== 'present' || record.value.lifeline === undefined) throw new Error('no lifeline is recorded');
    return watching.watchLifeline(join(session.directory, LIFELINE_FILE), record.value.lifeline, () => {});
  };
  const held = hold(first);
  expect([held !== undefined, hold(second)]).toEqual([true, undefined]);
  held?.close();
  held?.close();
  const again = hold(second);
  expect([again !== undefined, hold(first)]).toEqual([true, undefined]);
  again?.close();
});

test('a wrapper whose target appears while others are waited for is followed', async () => {
  const [target, other] = [await livingSession(), await livingSession()];
  const daemon = await daemonProcess();
  const asked = foreignSession({ 'daemon.pid': daemon.pidFile }, { sessions: dirname(target.session.directory) });
  const watching = new SharedWatching();
  const sources = [asked, other.session].map((session) => new SessionSource(session, undefined, watching));
  const waiting = waitForMany(sources, { need: 1 });
  writeFileSync(join(asked.directory, 'resume-target.toml'), resumeTarget(target.session.id));
  await until(() => sources[0]?.resolved.id === target.session.id, 'the target to be followed');
  publishResult(target.session, RESULT);
  const { members } = await waiting;
  expect(members.map(({ waited, counts }) => [waited.end.kind, counts])).toEqual([
    ['finished', true],
    ['alive', false],
  ]);
});
