import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { Session } from './session.ts';
import { afterShell, answerOf, emptySession, namespace } from './sessions.test.fixture.ts';
import { type SessionWatch, WatchHub } from './watch-hub.ts';

interface Watched {
  readonly session: Session;
  readonly watch: SessionWatch;
  readonly hints: () => number;
}

function watchOne(hub: WatchHub, session: Session = emptySession()): Watched {
  let hints = 0;
  const watch = hub.watch([session], () => {
    hints += 1;
  });
  onTestFinished(() => watch.close());
  return { session, watch, hints: () => hints };
}

async function joined(hub: WatchHub, count: number): Promise<Watched[]> {
  const watched = Array.from({ length: count }, () => watchOne(hub));
  await until(() => watched.every(({ watch }) => watch.works), 'the watcher');
  return watched;
}

const change = ({ session }: Watched, name = 'result.toml'): void => writeFileSync(join(session.directory, name), 'x');

test('a change of one session is told to those alone who watch that one', async () => {
  const hub = new WatchHub();
  const [first, second, third] = (await joined(hub, 3)) as [Watched, Watched, Watched];
  const before = [first.hints(), second.hints(), third.hints()];
  change(second);
  await until(() => second.hints() > (before[1] ?? 0), 'the hint');
  // Events come in order: what the first change told to others would be there before this one's.
  const told = third.hints();
  change(third);
  await until(() => third.hints() > told, 'the hint after it');
  expect([first.hints(), told]).toEqual([before[0], before[2]]);
});

test('everybody gets a hint when the watcher stands: what changed before is read once', async () => {
  const watched = await joined(new WatchHub(), 3);
  expect(watched.map(({ hints }) => hints())).toEqual([1, 1, 1]);
});

test('a session that joins while others are watched gets its hints, but does not rely on them', async () => {
  const hub = new WatchHub();
  await joined(hub, 2);
  const late = watchOne(hub);
  await until(() => {
    change(late, `again-${Math.random()}`);
    return late.hints() > 0;
  }, 'a hint');
  expect(late.watch.works).toBe(false);
});

test('one session can be watched by several, and goes on to be when one of them leaves', async () => {
  const hub = new WatchHub();
  const [first] = (await joined(hub, 2)) as [Watched, Watched];
  const other = watchOne(hub, first.session);
  first.watch.close();
  const before = [first.hints(), other.hints()];
  change(first);
  await until(() => other.hints() > (before[1] ?? 0), 'the hint to the one that stayed');
  expect(first.hints()).toBe(before[0]);
});

test('one that leaves is forgotten, also when its directory is gone, and the others are still told', async () => {
  const hub = new WatchHub();
  const [gone, other] = (await joined(hub, 2)) as [Watched, Watched];
  const before = gone.hints();
  rmSync(gone.session.directory, { recursive: true });
  await until(() => gone.hints() > before, 'the hint that it is gone');
  gone.watch.close();
  await until(() => !gone.watch.works, 'to be forgotten');
  const told = other.hints();
  change(other);
  await until(() => other.hints() > told, 'the hint to the other');
  expect(other.watch.works).toBe(true);
});

test('a hub that everybody has left can be joined again', async () => {
  const hub = new WatchHub();
  for (const { watch } of await joined(hub, 2)) watch.close();
  const [again] = (await joined(hub, 2)) as [Watched, Watched];
  const before = again.hints();
  change(again);
  await until(() => again.hints() > before, 'the hint');
});

/** How many inotify instances and watches the process holds for many sessions with logs and records. */
const COUNT_INOTIFY = `
  import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
  import { openNamedDirectory } from 'SRC/session.ts';
  import { WatchHub } from 'SRC/watch-hub.ts';
  const hub = new WatchHub();
  const watches = process.argv.slice(1).map((directory) => hub.watch([openNamedDirectory(directory)], () => {}));
  while (!watches.every((watch) => watch.works)) await new Promise(setImmediate);
  const held = readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    try {
      const lines = readFileSync('/proc/self/fdinfo/' + fd, 'utf8').match(/^inotify/gm);
      return lines === null ? [] : [lines.length];
    } catch {
      return [];
    }
  });
  for (const watch of watches) watch.close();
  console.log(JSON.stringify(held));`;

test.runIf(process.platform === 'linux')('many sessions cost one inotify instance, and one watch each', async () => {
  const args = Array.from({ length: 20 }, () => {
    const { directory } = emptySession();
    for (const name of ['state.toml', 'stdout.log', 'stderr.log']) writeFileSync(join(directory, name), '');
    return directory;
  });
  expect(await answerOf(COUNT_INOTIFY, { args })).toEqual([20]);
});

const WORKS_WITHOUT_INOTIFY = `
  import { openNamedDirectory } from 'SRC/session.ts';
  import { WatchHub } from 'SRC/watch-hub.ts';
  const hub = new WatchHub();
  let hints = 0;
  const watches = process.argv.slice(1).map((directory) => hub.watch([openNamedDirectory(directory)], () => { hints += 1; }));
  while (hints < watches.length) await new Promise(setImmediate);
  const works = watches.map((watch) => watch.works);
  for (const watch of watches) watch.close();
  console.log(JSON.stringify(works));`;

test('without inotify it says once that it is ready, and works for nobody', async () => {
  const isolated = namespace();
  const limit = afterShell('echo 0 > /proc/sys/user/max_inotify_instances');
  const through = isolated === undefined ? [] : [...isolated, ...limit];
  const args = [emptySession().directory, emptySession().directory];
  const works = isolated === undefined;
  expect(await answerOf(WORKS_WITHOUT_INOTIFY, { args, through })).toEqual([works, works]);
});
