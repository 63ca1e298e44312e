import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  builtCsa,
  csa,
  type Running,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { isRunning, program, shell } from './program.ts';

interface Change {
  readonly removed: boolean;
  readonly removed_because: string | null;
  readonly session: { readonly id: string; readonly state: string; readonly exit: number | null };
}

const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');
/** What a table is drawn anew with. */
const REDRAW = /\u001b\[\d+A\r\u001b\[J|\r\u001b\[J/;

function watching(world: World, ...args: string[]): Running {
  return csa(['session', 'list', '--watch', ...args], { world });
}

/** The whole lines that have come, each a document by its schema. */
function changesOf(watch: Running): Change[] {
  const lines = watch.stdout().split('\n').slice(0, -1);
  return lines.map((line) => {
    const document = JSON.parse(line);
    expect(faultsOf('session-list-change', document)).toEqual([]);
    return document;
  });
}

async function untilTold(watch: Running, id: string, wanted: object, what: string): Promise<void> {
  await until(() => {
    const last = changesOf(watch).findLast(({ session }) => session.id === id);
    try {
      expect(last).toMatchObject(wanted);
      return true;
    } catch {
      return false;
    }
  }, what);
}

describe('a watched list without a terminal', () => {
  it('tells what a session says of itself by now, however that was written', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    const watch = watching(world);
    await untilTold(watch, id, { session: { state: 'alive', description: '' } }, 'the session');
    const state = join(sessionDirectory(world, id), 'state.toml');
    const described = (text: string): string =>
      readFileSync(state, 'utf8').replace(/^description = .*$/m, `description = "${text}"`);
    writeFileSync(state, described('in place'));
    await untilTold(watch, id, { session: { state: 'alive', description: 'in place' } }, 'a record written anew');
    writeFileSync(`${state}.new`, described('replaced'));
    renameSync(`${state}.new`, state);
    await untilTold(watch, id, { session: { state: 'alive', description: 'replaced' } }, 'a record that was replaced');
    openGate(world);
    await untilTold(watch, id, { session: { state: 'finished', description: 'replaced' } }, 'the end');
    watch.kill('SIGTERM');
    await watch.ended;
  });

  it('tells of sessions that are there, start, end, die and are removed', async () => {
    const world = temporaryWorld();
    const old = idAt(LONG_AGO, '1');
    makeFinished(world, old, 4);
    const first = await startGated(world, 'exit 3');
    const watch = watching(world);
    await untilTold(watch, first, { removed: false, session: { state: 'alive' } }, 'the session that was there');
    expect(changesOf(watch).map(({ session }) => session.id)).toEqual([old, first]);

    const second = await startJob(['sleep', '300'], { world });
    await untilTold(watch, second, { session: { state: 'alive' } }, 'a session that starts');
    const pid = await commandPid(world, second);
    process.kill(supervisorPid(world, second), 'SIGKILL');
    await untilTold(watch, second, { removed: false, session: { state: 'dead' } }, 'a session that dies');
    process.kill(pid, 'SIGKILL');

    openGate(world);
    await untilTold(watch, first, { removed: false, session: { state: 'finished', exit: 3 } }, 'a session that ends');
    rmSync(sessionDirectory(world, old), { recursive: true });
    await untilTold(watch, old, { removed: true, removed_because: 'deleted' }, 'a session that is removed');

    watch.kill('SIGTERM');
    const { code, stdout, stderr } = await watch.ended;
    expect([code, stderr]).toEqual([143, '']);
    expect(stdout).not.toContain('\u001b');
    expect(changesOf(watch).filter(({ session, removed }) => session.id === old && !removed)).toHaveLength(1);
  });

  it('tells when a session is none of those asked for any more', async () => {
    const world = temporaryWorld();
    const watch = watching(world, '--state', 'alive');
    const id = await startGated(world, 'exit 3');
    await untilTold(watch, id, { removed: false, session: { state: 'alive' } }, 'a session that starts');
    openGate(world);
    const left = { removed: true, removed_because: 'filter', session: { state: 'finished', exit: 3 } };
    await untilTold(watch, id, left, 'its end');
    watch.kill('SIGINT');
    expect((await watch.ended).code).toBe(130);
  });

  it('tells when a session becomes one of those asked for, however old it is', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    for (let i = 0; i < 60; i += 1) makeFinished(world, idAt(Date.now() + 60_000 + i, ''));
    const watch = watching(world, '--state', 'failed');
    await until(() => isRunning(watch.pid), 'the watch');
    openGate(world);
    await untilTold(watch, id, { removed: false, session: { state: 'finished', exit: 3 } }, 'its end');
    expect(changesOf(watch).map(({ session }) => session.id)).toEqual([id]);
  });

  it('begins before there is any session, and sees the first', async () => {
    const world = temporaryWorld();
    const watch = watching(world, '--label', 'team=api');
    const all = watching(world);
    const id = await startJob(['true'], { world });
    await untilTold(all, id, { session: { state: 'finished', exit: 0 } }, 'the first session');
    expect(changesOf(watch)).toEqual([]);
  });

  it('ends with 0 once nobody reads it, also while nothing happens', async () => {
    const world = temporaryWorld();
    makeFinished(world, idAt(LONG_AGO, '1'));
    const line = `{ "${testNode()}" "${builtCsa}" session list --watch; echo "ended $?" >&2; } | head -n 1`;
    const { stdout, stderr } = await shell(line, { world });
    expect(JSON.parse(stdout)).toMatchObject({ removed: false });
    expect(stderr).toBe('ended 0\n');
  });

  it('that cannot be written is a failure', async () => {
    const world = temporaryWorld();
    makeFinished(world, idAt(LONG_AGO, '1'));
    const line = `"${testNode()}" "${builtCsa}" session list --watch > /dev/full; echo "ended $?"`;
    const { stdout, stderr } = await shell(line, { world });
    expect(stdout).toBe('ended 125\n');
    expect(stderr).toContain('reason=output-lost');
  });
});

describe('a watched list on a terminal', () => {
  function drawing(world: World, rows: number) {
    const line = `stty cols 90 rows ${rows}; exec "${testNode()}" "${builtCsa}" session list --watch`;
    return program(['script', '-qec', line, '/dev/null'], { world, env: { TERM: 'xterm' } });
  }

  it('is one table that is drawn anew in place', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    const watch = drawing(world, 30);
    const last = (): string => watch.stdout().split(REDRAW).at(-1) ?? '';
    await until(() => new RegExp(`^${id.slice(0, 10)} .*alive`, 'm').test(last()), 'the session');
    openGate(world);
    await until(() => /finished.* 3\b/.test(last().replaceAll(/\u001b\[\d+m/g, '')), 'its end');
    expect(
      last()
        .split('\r\n')
        .filter((line) => line.startsWith('ID ')),
    ).toHaveLength(1);
    expect(watch.stdout()).not.toContain('\u001b[?1049');
  });

  it('is cut to the height, and says what is missing', async () => {
    const world = temporaryWorld();
    for (let i = 0; i < 20; i += 1) makeFinished(world, idAt(LONG_AGO + i, ''));
    const watch = drawing(world, 10);
    await until(() => watch.stdout().includes('… 13 more'), 'the note');
    expect((watch.stdout().split(REDRAW).at(-1) ?? '').trimEnd().split('\r\n')).toHaveLength(9);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with %s and leaves the terminal as it is', async (signal, exit) => {
    const world = temporaryWorld();
    makeFinished(world, idAt(LONG_AGO, '1'));
    const line = `"${testNode()}" "${builtCsa}" session list --watch & pid=$!; echo "pid $pid"; wait $pid; echo "ended $?"`;
    const watch = program(['script', '-qec', line, '/dev/null'], { world, env: { TERM: 'xterm' } });
    await until(() => watch.stdout().includes('finished'), 'the table');
    process.kill(Number(/pid (\d+)/.exec(watch.stdout())?.[1]), signal);
    const { stdout } = await watch.ended;
    expect(stdout).toMatch(new RegExp(`\\r\\u001b\\[Jended ${exit}\\r\\n$`));
  });
});
