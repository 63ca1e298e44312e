import { cpSync } from 'node:fs';
import { basename } from 'node:path';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, attributes, needed, waitFor } from './answer.ts';
import { openGate, startGated, startJob } from './job.ts';
import { manyAnswerOf, waitForAll } from './many-answer.ts';
import { program, shell } from './program.ts';

const TIMEOUT_MS = 60_000;

/** Copies of a finished session, older than it, under ids of their own. */
function copies(world: World, id: string, count: number): string[] {
  const directory = sessionDirectory(world, id);
  return Array.from({ length: count }, (_, i) => {
    const copy = `01A${String(i).padStart(7, '0')}${'0'.repeat(16)}`;
    // Nothing copies a FIFO, and a copy of it would be another one.
    const filter = (source: string) => basename(source) !== 'lifeline';
    cpSync(directory, sessionDirectory(world, copy), { recursive: true, filter });
    return copy;
  });
}

async function finished(world: World, script: string): Promise<string> {
  const id = await startJob(['sh', '-c', script], { world });
  await waitFor([id, '--cap', '30s'], { world });
  return id;
}

it(
  'two hundred ids are one wait: all are told, those that matter are shown',
  async () => {
    const world = temporaryWorld();
    const living = [await startGated(world), await startGated(world, 'exit 3')];
    const ids = [...copies(world, await finished(world, 'echo fine'), 198), ...living];
    const warm = await waitForAll([...ids, '--cap', '100ms'], { world });
    expect([warm.code, warm.status.name]).toEqual([0, 'SESSION_WAIT_KV_WARM']);
    expect(attributes(warm.status, 'sessions', 'finished', 'alive')).toEqual({
      sessions: '200',
      finished: '198',
      alive: '2',
    });
    expect(warm.sessions.slice(0, 2).map((line) => attribute(line, 'session'))).toEqual(living);
    expect(warm.stderr).toContain('Wait again: with the cmd of the marker');
    openGate(world);
    const done = await waitForAll([...ids, '--cap', '50s'], { world });
    expect([done.code, attribute(done.status, 'decided_by')]).toEqual([3, living[1]]);
    // From anywhere, and by the beginnings of the ids.
    const cmd = needed(warm.status, 'cmd');
    expect(Buffer.byteLength(cmd)).toBeLessThan(200 * 27);
    const again = manyAnswerOf(await shell(cmd, { world, cwd: '/' }));
    expect([again.code, attribute(again.status, 'finished')]).toEqual([3, '200']);
    const { stdout } = await runCsa(['session', 'wait', ...ids, '--json'], { world });
    const document = JSON.parse(stdout) as { sessions: { session: string }[] };
    expect(faultsOf('session-wait-many', document)).toEqual([]);
    expect(document.sessions.map(({ session }) => session)).toEqual(ids);
  },
  TIMEOUT_MS,
);

const NO_INOTIFY = 'echo 0 > /proc/sys/user/max_inotify_instances; exec "$@"';

it.each<[string, readonly [string, ...string[]]]>([
  ['without an inotify instance', ['unshare', '-U', '-r', 'sh', '-c', NO_INOTIFY, 'sh']],
  ['with few descriptors', ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh']],
])(
  '%s they are looked at every second instead',
  async (_, through) => {
    const world = temporaryWorld();
    const ids = [await startGated(world, 'exit 3'), await startGated(world), await startGated(world)];
    const words = [...ids, '--cap', '50s', '--heartbeat', '1s', '--verbose'];
    const waiter = program([...through, testNode(), builtCsa, 'session', 'wait', ...words], { world });
    await until(() => waiter.stderr().includes('0 of 3 finished'), 'a heartbeat', 20_000);
    openGate(world);
    const answer = manyAnswerOf(await waiter.ended);
    expect([answer.code, attribute(answer.status, 'finished')]).toEqual([3, '3']);
    expect(answer.stderr).toContain('told by events of 0 sessions, looked for every second of 3');
  },
  TIMEOUT_MS,
);
