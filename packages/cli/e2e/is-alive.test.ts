import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
} from '@csa/testkit';
import { expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';
import { shell } from './program.ts';

function isAlive(world: Parameters<typeof runCsa>[1]['world'], ...args: string[]): Promise<RunResult> {
  return runCsa(['session', 'is-alive', ...args], { world });
}

it.each([
  ['01-finished-success', 'finished', 1],
  ['02-finished-failure-exit3', 'finished', 1],
  ['06-completion-failure-only', 'finished', 1],
  ['07-alive-daemon', 'alive', 0],
  ['08-alive-daemon-intermediate-result', 'alive', 0],
  ['09-dead-no-result-recent', 'dead', 124],
  ['16-pid-reused', 'dead', 124],
  ['17-resume-alias', 'finished', 1],
])('of %s is %s: exit %3$i and not a word', async (name, state, exit) => {
  const { world, session: id } = materialize(name);
  const quiet = await isAlive(world, id);
  expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([exit, '', '']);
  const { code, stdout, stderr } = await isAlive(world, id, '--json');
  const document = JSON.parse(stdout);
  expect(faultsOf('session-is-alive', document)).toEqual([]);
  expect([code, stderr, document]).toEqual([exit, '', expect.objectContaining({ session: id, state, exit })]);
});

it('follows a session of ours from its life to its end, named in every way', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const directory = sessionDirectory(world, id);
  mkdirSync(join(world.home, 'elsewhere'));
  for (const words of [[id], [id.slice(0, 12).toLowerCase()], ['--dir', directory], [id, '--cd', world.project]]) {
    expect([words, (await isAlive(world, ...words)).code]).toEqual([words, 0]);
  }
  const elsewhere = await runCsa(['session', 'is-alive', id, '--cd', world.project], { world, cwd: world.home });
  expect(elsewhere.code).toBe(0);
  openGate(world);
  await waitFor([id, '--cap', '30s'], { world });
  expect((await isAlive(world, id)).code).toBe(1);
});

it('of a killed supervisor is dead', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  process.kill(supervisorPid(world, id), 'SIGKILL');
  expect((await isAlive(world, id)).code).toBe(124);
});

it('of what cannot be told is 125, and says why', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  writeFileSync(join(sessionDirectory(world, id), 'daemon.pid'), 'nonsense');
  const { code, stdout, stderr } = await isAlive(world, id);
  const [marker] = parseMarkers(stderr);
  expect([code, stdout, marker?.name]).toEqual([125, '', 'SESSION_ERROR']);
  expect(attribute(marker, 'reason')).toBe('daemon-unreadable');
  const explained = await shell(attribute(marker, 'cmd') ?? '', { world });
  expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining('daemon-unreadable')]);
  const json = await isAlive(world, id, '--json');
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([125, { state: 'unknown', exit: 125 }]);
  openGate(world);
});

it.each([
  [['01M0F77JH0BVPHYFAVF40A3GZ5'], 'not-found'],
  [[], 'missing-id'],
  [['../x'], 'invalid-id'],
  [['01M0F77JH0BVPHYFAVF40A3GZ5', '--nope'], 'usage'],
])('of %j is refused', async (words, reason) => {
  const { code, stdout, stderr } = await isAlive(temporaryWorld(), ...words);
  expect([code, stdout]).toEqual([125, '']);
  expect(attribute(parseMarkers(stderr)[0], 'reason')).toBe(reason);
});

it('keeps its exit code where its document cannot be written', async () => {
  const world = temporaryWorld();
  const id = await startJob(['true'], { world });
  await waitFor([id, '--cap', '30s'], { world });
  for (const to of ['>/dev/full', '>&-', '| true']) {
    const line = `{ "${testNode()}" "${builtCsa}" session is-alive ${id} --json; echo $? >&2; } ${to}`;
    expect([to, (await shell(line, { world })).stderr]).toEqual([to, '1\n']);
  }
});
