import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, temporaryWorld, testNode } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { answerOf, attribute } from './answer.ts';
import { shell } from './program.ts';
import { documentOf, sessionsOf } from './start-answer.ts';

describe('a start that fails', () => {
  it.each<[string[], string]>([
    [['--no-such-flag', '--', 'true'], 'usage'],
    [['--cap', 'soon', '--', 'true'], 'bad-duration'],
    [['--cap', '1s', '--until-done', '--', 'true'], 'usage'],
    [['--alive-exit-code', '124', '--', 'true'], 'bad-exit-code'],
    [['--env', 'A B=x', '--', 'true'], 'bad-env'],
    [['--label', 'nonsense', '--', 'true'], 'bad-label'],
    [['--stdin', 'no-such-file', '--', 'true'], 'bad-stdin'],
    [['--idle-timeout', '1ms', '--', 'true'], 'out-of-range'],
    [['--cd', '/no/such/directory', '--', 'true'], 'invalid-directory'],
    [['true'], 'missing-command'],
  ])('ends with the error of a wait, and starts nothing: %j', async (args, reason) => {
    const world = temporaryWorld();
    const { code, status } = answerOf(await runCsa(['session', 'start', '--wait', ...args], { world }));
    expect([code, status.name, attribute(status, 'reason')]).toEqual([125, 'SESSION_WAIT_ERROR', reason]);
    const json = await runCsa(['session', 'start', '--wait', '--json', ...args], { world });
    expect(documentOf('session-wait', json)).toMatchObject({ session: null, wait_result: 'error', exit: 125, reason });
    expect(await sessionsOf(world)).toEqual([]);
  });

  it('ends so also when the records cannot be written', async () => {
    const env = { XDG_STATE_HOME: '/dev/null/state' };
    const result = await runCsa(['session', 'start', '--wait', '--', 'true'], { world: temporaryWorld(), env });
    const { code, status } = answerOf(result);
    expect([code, status.name, attribute(status, 'reason')]).toEqual([
      125,
      'SESSION_WAIT_ERROR',
      'state-root-unwritable',
    ]);
  });

  it.each<[string[], string]>([
    [['--cap', '1s', '--', 'true', '--wait'], 'usage'],
    [['--until-done', '--', 'true'], 'usage'],
    [['--nonsense', '--', 'true', '--wait', '--json'], 'usage'],
    [['--clear-env', '--keep-agent-env', '--', 'true'], 'usage'],
  ])('without --wait leaves stdout empty, whatever the command’s own words are: %j', async (args, reason) => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['session', 'start', ...args], { world });
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
    expect(await sessionsOf(world)).toEqual([]);
  });
});

it('is refused by a Node that is too old as a wait is', async () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })`;
  const line = `"${testNode()}" --import 'data:text/javascript,${encodeURIComponent(old).replaceAll("'", '%27')}' "${builtCsa}" session`;
  const world = temporaryWorld();
  for (const words of ['start --wait -- true', 'start --json --wait -- true']) {
    const { code, stdout } = await shell(`${line} ${words}`, { world });
    expect([
      code,
      stdout.includes('node-too-old'),
      stdout.includes('WAIT') || stdout.includes('csa.session-wait/1'),
    ]).toEqual([125, true, true]);
  }
  const { code, stdout } = await shell(`${line} start -- true --wait`, { world });
  expect([code, stdout]).toEqual([125, '']);
});
