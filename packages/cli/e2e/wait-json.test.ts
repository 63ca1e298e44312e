import { rmSync, writeFileSync } from 'node:fs';
import {
  csa,
  endSession,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  until,
  type World,
} from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openGate, startGated, startJob } from './job.ts';

const FIELDS = [
  'schema',
  'session',
  'resolved',
  'wait_result',
  'status',
  'exit',
  'session_exit',
  'source',
  'reason',
  'daemon',
  'elapsed_ms',
  'idle_ms',
  'cap_ms',
  'cap_source',
  'summary',
  'next',
];

/** The one document that `--json` prints, checked for what holds for every ending. */
function documentOf({ code, stdout }: RunResult): Record<string, unknown> {
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  const document = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(document)).toEqual(expect.arrayContaining(FIELDS));
  expect(document['exit']).toBe(code);
  return document;
}

async function documentFor(world: World, ...args: string[]): Promise<Record<string, unknown>> {
  return documentOf(await runCsa(['session', 'wait', ...args, '--json'], { world }));
}

it('is one document for a finished session', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sh', '-c', 'echo "two <tests> failed"; exit 124'], { world });
  expect(await documentFor(world, id, '--cap', '60s')).toMatchObject({
    session: id,
    resolved: null,
    wait_result: 'finished',
    status: 'failure',
    exit: 1,
    session_exit: 124,
    source: 'result',
    cap_ms: 60_000,
    cap_source: 'flag',
    summary: 'two <tests> failed',
  });
});

it('is one document for a living session, with the command to run next', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  expect(await documentFor(world, id, '--cap', '0')).toMatchObject({
    wait_result: 'alive',
    status: 'alive',
    exit: 0,
    daemon: 'alive',
    cap_ms: 0,
    next: { cmd: expect.stringContaining(`session wait ${id}`), tool_timeout_ms: null },
  });
  expect(await documentFor(world, id, '--cap', '0', '--alive-exit-code', '75')).toMatchObject({ exit: 75 });
});

it('is one document for a dead session and for an alias', async () => {
  const dead = materialize('09-dead-no-result-recent');
  expect(await documentFor(dead.world, dead.session, '--cap', '60s')).toMatchObject({
    wait_result: 'dead',
    status: 'dead',
    exit: 124,
    daemon: 'dead',
  });
  const alias = materialize('17-resume-alias');
  expect(await documentFor(alias.world, alias.session, '--cap', '0')).toMatchObject({
    session: alias.session,
    resolved: '01M0F6FRT0BVXME2PE9N4YX1X9',
    wait_result: 'finished',
  });
});

it('is one document when nobody can say whether the session lives', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  writeFileSync(`${sessionDirectory(world, id)}/daemon.pid`, '');
  expect(await documentFor(world, id, '--cap', '300ms')).toMatchObject({
    wait_result: 'unknown',
    status: 'unknown',
    exit: 125,
    reason: expect.any(String),
  });
});

it('is one document for an interrupted wait and for a lost session', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  // Without its directory the world does not know the session any more.
  onTestFinished(() => endSession(world, id));
  const args = ['session', 'wait', id, '--cap', '60s', '--heartbeat', '1s', '--json'];
  const [first, second] = [csa(args, { world }), csa(args, { world })];
  await until(() => first.stderr() !== '' && second.stderr() !== '', 'both to wait');
  first.kill('SIGTERM');
  expect(documentOf(await first.ended)).toMatchObject({ wait_result: 'interrupted', exit: 143, reason: 'SIGTERM' });
  rmSync(sessionDirectory(world, id), { recursive: true });
  expect(documentOf(await second.ended)).toMatchObject({ wait_result: 'error', exit: 125, reason: 'registry-lost' });
});

it('is one document for what the user got wrong', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const unknown = '01M0F77JH0BVPHYFAVF40A3GZ5';
  expect(await documentFor(world, unknown)).toMatchObject({
    wait_result: 'not_found',
    reason: 'not-found',
    session: unknown,
  });
  const wrong: Array<[string[], string]> = [
    [[id, '--cap', 'soon'], 'bad-duration'],
    [[id, '--cap', '8d'], 'out-of-range'],
    [[id, '--forever'], 'usage'],
    [[id, 'another'], 'invalid-id'],
    [[id, '--alive-exit-code', '124'], 'bad-exit-code'],
    [['../x'], 'invalid-id'],
    [[''], 'invalid-id'],
    [[], 'missing-id'],
  ];
  for (const [args, reason] of wrong) {
    expect(await documentFor(world, ...args)).toMatchObject({ wait_result: 'error', exit: 125, reason });
  }
  expect(await documentFor(world, id, '--cap', '0')).toMatchObject({ wait_result: 'alive' });
  openGate(world);
});

it('is one document when the environment is wrong', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const result = await runCsa(['session', 'wait', id, '--json'], { world, env: { CSA_WAIT_CAP: 'x' } });
  expect(documentOf(result)).toMatchObject({ wait_result: 'error', reason: 'bad-duration' });
});
