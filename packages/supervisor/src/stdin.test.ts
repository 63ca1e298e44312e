import { closeSync, openSync, readlinkSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryWorld, until, type World } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { printed, read, resultOf, startIn, startShell, supervisorGone } from './started.test.fixture.ts';

/** A file opened for reading, for as long as the test runs. */
function fileOf(world: World, text: string): number {
  const path = join(world.project, 'input');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  onTestFinished(() => closeSync(fd));
  return fd;
}

test('without a descriptor the command reads nothing', async () => {
  const started = await startShell(temporaryWorld(), 'cat; readlink /proc/self/fd/0');
  await resultOf(started);
  expect(read(started.session, 'stdout.log')).toBe('/dev/null\n');
});

test('the command goes on to read where its caller has left off', async () => {
  const world = temporaryWorld();
  const stdin = fileOf(world, 'first\nsecond\nthird\n');
  readSync(stdin, Buffer.alloc(6), 0, 6, null);
  const started = await startIn(world, ['cat'], { stdin });
  await resultOf(started);
  expect(read(started.session, 'stdout.log')).toBe('second\nthird\n');
});

test('the command has its standard input once, and its supervisor does not hold it any more', async () => {
  const world = temporaryWorld();
  const script = 'echo $$; for fd in /proc/$$/fd/*; do readlink $fd; done; echo end; exec sleep 600';
  const started = await startShell(world, script, { stdin: fileOf(world, 'x') });
  const [listed] = await printed(started, /^\d+\n[\s\S]*^end\n/m);
  expect(listed.split('\n').filter((path) => path.endsWith('/input'))).toHaveLength(1);
  const ofSupervisor = (): string => readlinkSync(`/proc/${started.supervisorPid}/fd/0`);
  await until(() => ofSupervisor() === '/dev/null', 'the supervisor to let go');
});

test('a command that cannot be started leaves a record, whatever its standard input', async () => {
  const world = temporaryWorld();
  const started = await startIn(world, ['no-such-command'], { stdin: fileOf(world, 'x') });
  expect(await resultOf(started)).toMatchObject({ exitCode: 127, reason: 'not-found' });
  await supervisorGone(started);
});
