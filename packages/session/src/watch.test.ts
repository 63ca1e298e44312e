import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from './session.ts';
import { afterShell, answerOf, emptySession, namespace, runModule } from './sessions.test.fixture.ts';
import { watchSessions } from './watch.ts';
import type { SessionWatch } from './watch-hub.ts';

interface Watched {
  readonly watch: SessionWatch;
  readonly hints: () => number;
}

describe.each([
  ['one session', 1],
  ['three sessions', 3],
])('%s', (_what, count) => {
  test.each<[string, (directory: string) => void]>([
    [
      'a result linked into its place',
      (directory) => linkSync(join(directory, 'state.toml'), join(directory, 'result.toml')),
    ],
    [
      'a result renamed into its place',
      (directory) => renameSync(join(directory, '.tmp'), join(directory, 'result.toml')),
    ],
    ['a record that changes', (directory) => appendFileSync(join(directory, 'state.toml'), 'x')],
    ['a directory that goes', (directory) => rmSync(directory, { recursive: true })],
    ['a directory that is moved away', (directory) => renameSync(directory, `${directory}.aside`)],
  ])('%s gives a hint', async (_change, change) => {
    const sessions = sessionsOf(count);
    const { watch, hints } = await begin(sessions);
    const before = hints();
    change(sessions.at(-1)?.directory ?? '');
    await until(() => hints() > before, 'a hint');
    expect(watch.works).toBe(true);
  });

  test('logs that grow give none', async () => {
    const sessions = sessionsOf(count);
    const { hints } = await begin(sessions);
    const before = hints();
    const directory = sessions[0]?.directory ?? '';
    for (let i = 0; i < 200; i += 1) {
      for (const name of ['stdout.log', 'stderr.log', 'output.log']) appendFileSync(join(directory, name), 'x');
    }
    // Events come in order: this one stands behind all of the logs'.
    mkdirSync(join(directory, 'marker'));
    await until(() => hints() > before, 'the hint of the marker');
    expect(hints() - before).toBeLessThanOrEqual(3);
  });

  test('once closed there are no more hints, and closing again does no harm', async () => {
    const sessions = sessionsOf(count);
    const closed = await begin(sessions);
    closed.watch.close();
    closed.watch.close();
    const before = closed.hints();
    const open = await begin(sessions);
    const opened = open.hints();
    writeFileSync(join(sessions[0]?.directory ?? '', 'result.toml'), '');
    await until(() => open.hints() > opened, 'the hint to the one that is still open');
    expect(closed.hints()).toBe(before);
  });

  test('a process that closes its watch can leave', async () => {
    const directories = sessionsOf(count).map((session) => session.directory);
    for (const when of ['at once', 'when it works']) {
      const args = [when, ...directories];
      expect(await runModule(WATCH_AND_CLOSE, { args })).toMatchObject({ code: 0, signal: null, stdout: 'closed\n' });
    }
  });

  test('without inotify the watch does not work, says so, and throws nothing', async () => {
    const isolated = namespace();
    const limit = afterShell('echo 0 > /proc/sys/user/max_inotify_instances');
    const through = isolated === undefined ? [] : [...isolated, ...limit];
    const args = sessionsOf(count).map((session) => session.directory);
    expect(await answerOf(WATCH_AND_TELL, { args, through })).toEqual([isolated === undefined]);
  });
});

const WATCH_AND_CLOSE = `
  import { openNamedDirectory } from 'SRC/session.ts';
  import { watchSessions } from 'SRC/watch.ts';
  const [when, ...directories] = process.argv.slice(1);
  const watch = watchSessions(directories.map(openNamedDirectory), () => {});
  while (when !== 'at once' && !watch.works) await new Promise(setImmediate);
  watch.close();
  console.log('closed');`;

// Trouble shows within the first seconds: the answer is given as soon as the watch works, or after 1.5 s.
const WATCH_AND_TELL = `
  import { openNamedDirectory } from 'SRC/session.ts';
  import { watchSessions } from 'SRC/watch.ts';
  const watch = watchSessions(process.argv.slice(1).map(openNamedDirectory), () => {});
  for (const end = Date.now() + 1500; !watch.works && Date.now() < end; ) await new Promise(setImmediate);
  const { works } = watch;
  watch.close();
  console.log(JSON.stringify([works]));`;

test('nothing to watch works', () => {
  const watch = watchSessions([], () => {});
  expect(watch.works).toBe(true);
  watch.close();
});

test('a directory that is gone cannot be watched, and nothing is thrown', () => {
  const session = emptySession();
  rmSync(session.directory, { recursive: true });
  const watch = watchSessions([session], () => {});
  expect(watch.works).toBe(false);
  watch.close();
});

function sessionsOf(count: number): Session[] {
  return Array.from({ length: count }, () => {
    const session = emptySession();
    for (const name of ['state.toml', '.tmp', 'stdout.log', 'stderr.log', 'output.log']) {
      writeFileSync(join(session.directory, name), '');
    }
    return session;
  });
}

async function begin(sessions: readonly Session[]): Promise<Watched> {
  let hints = 0;
  const watch = watchSessions(sessions, () => {
    hints += 1;
  });
  onTestFinished(() => watch.close());
  await until(() => watch.works, 'the watch');
  return { watch, hints: () => hints };
}
