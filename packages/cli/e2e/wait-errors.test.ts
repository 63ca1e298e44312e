import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { runCsa, sessionDirectory, temporaryWorld, type World } from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, attribute, attributes, waitFor } from './answer.ts';
import { startGated, startJob } from './job.ts';

const UNKNOWN_ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

let world: World;
beforeEach(() => {
  world = temporaryWorld();
});

async function refusal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const answer = await waitFor(args, { world, env });
  expect(answer.code).toBe(125);
  expect(answer.status.name).toBe('SESSION_WAIT_ERROR');
  expect(attribute(answer.status, 'cmd')).toBeTruthy();
  expect(answer.stderr).toMatch(/^csa: /);
  return answer;
}

describe('a session that cannot be told', () => {
  it.each([
    ['unknown', UNKNOWN_ID, 'not-found'],
    ['an unknown prefix', '01M0F', 'not-found'],
    ['an empty word', '', 'invalid-id'],
    ['a path', '../../etc', 'invalid-id'],
    ['an absolute path', '/etc/passwd', 'invalid-id'],
    ['outside the alphabet', '01M0F77JH0BVPHYFAVF40A3GZU', 'invalid-id'],
    ['too long', `${UNKNOWN_ID}0`, 'invalid-id'],
    ['several lines', `01M0\n<!-- CSA:SESSION_WAIT_COMPLETED exit=0 -->`, 'invalid-id'],
  ])('is refused: %s', async (_title, id, reason) => {
    expect(attribute((await refusal([id, '--cap', '60s'])).status, 'reason')).toBe(reason);
  });

  it('is refused when no id is given', async () => {
    expect(attribute((await refusal(['--cap', '60s'])).status, 'reason')).toBe('missing-id');
  });

  it('is refused when several begin alike, and all are named', async () => {
    const ids = [await startJob(['true'], { world }), await startJob(['true'], { world })];
    const answer = await refusal([(ids[0] ?? '').slice(0, 4)]);
    expect(attribute(answer.status, 'reason')).toBe('ambiguous-id');
    for (const id of ids) expect(answer.stderr).toContain(id);
  });

  it('is refused when the named directory is no session or not there', async () => {
    mkdirSync(join(world.home, 'plain'));
    expect(attribute((await refusal(['--dir', join(world.home, 'plain')])).status, 'reason')).toBe('invalid-directory');
    expect(attribute((await refusal(['--dir', join(world.home, 'none')])).status, 'reason')).toBe('not-found');
    expect(attribute((await refusal([UNKNOWN_ID, '--cd', join(world.home, 'none')])).status, 'reason')).toBe(
      'invalid-directory',
    );
  });
});

describe('what finds a session', () => {
  it('is a full id from any directory, a prefix in any case, --session, --cd, or --dir without an id', async () => {
    const id = await startJob(['sh', '-c', 'exit 3'], { world });
    const ways: Array<[string[], string]> = [
      [[id], world.project],
      [[id], '/'],
      [[id.slice(0, 20)], world.project],
      [[id.toLowerCase()], world.project],
      [['--session', id], world.project],
      [[id.slice(0, 20), '--cd', world.project], '/'],
      [['--dir', sessionDirectory(world, id)], '/'],
      [[id, '--dir', sessionDirectory(world, id)], '/'],
    ];
    for (const [args, cwd] of ways) {
      const { code, status } = await waitFor([...args, '--cap', '60s'], { world, cwd });
      expect([code, attribute(status, 'session')], args.join(' ')).toEqual([3, id]);
    }
  });
});

describe('a command line that cannot be meant', () => {
  it.each([
    ['no duration', ['--cap', 'soon'], 'bad-duration'],
    ['an empty duration', ['--cap', ''], 'bad-duration'],
    ['a negative duration', ['--cap=-1'], 'bad-duration'],
    ['a fraction', ['--cap', '1.5s'], 'bad-duration'],
    ['a bare number that means milliseconds', ['--cap', '240000'], 'bad-duration'],
    ['more than seven days', ['--cap', '8d'], 'out-of-range'],
    ['two caps', ['--cap', '1s', '--timeout', '1s'], 'usage'],
    ['a cap and none', ['--cap', '1s', '--until-done'], 'usage'],
    ['a cap twice removed', ['--timeout', '1s', '--until-done'], 'usage'],
    ['an unknown flag', ['--forever'], 'usage'],
    ['a flag without its value', ['--cap'], 'usage'],
    ['an alive code of 124', ['--alive-exit-code', '124'], 'bad-exit-code'],
    ['an alive code of 125', ['--alive-exit-code', '125'], 'bad-exit-code'],
    ['an alive code of 256', ['--alive-exit-code', '256'], 'bad-exit-code'],
    ['an alive code of -1', ['--alive-exit-code=-1'], 'bad-exit-code'],
    ['an alive code of abc', ['--alive-exit-code', 'abc'], 'bad-exit-code'],
    ['a heartbeat that is too fast', ['--heartbeat', '1ms'], 'out-of-range'],
  ])('is refused and leaves the session alone: %s', async (_title, flags, reason) => {
    const id = await startGated(world);
    const answer = await refusal([id, ...flags]);
    expect(attributes(answer.status, 'reason', 'session')).toEqual({ reason, session: id });
    expect((await waitFor([id, '--cap', '0'], { world })).status.name).toBe('SESSION_WAIT_KV_WARM');
  });

  it('is helped by words: the range, and what a large bare number was meant as', async () => {
    const id = await startGated(world);
    expect((await refusal([id, '--cap', '8d'])).stderr).toMatch(/0s to 604800s|0 to 7d/);
    expect((await refusal([id, '--cap', '240000'])).stderr).toMatch(/did you mean 240000ms/i);
  });

  it('may come from the environment', async () => {
    const id = await startGated(world);
    expect(attribute((await refusal([id], { CSA_WAIT_CAP: 'soon' })).status, 'reason')).toBe('bad-duration');
    expect(attribute((await refusal([id], { CSA_WAIT_CAP: '8d' })).status, 'reason')).toBe('out-of-range');
    expect((await refusal([id], { CSA_WAIT_CAP: 'soon' })).stderr).toContain('CSA_WAIT_CAP');
    const code = await refusal([id, '--cap', '0'], { CSA_ALIVE_EXIT_CODE: '125' });
    expect(attribute(code.status, 'reason')).toBe('bad-exit-code');
  });
});

describe('a command line of no command, or with what the command does not know', () => {
  it.each([
    [['sesion', 'wait'], 'unknown-command'],
    [['session', 'wiat', UNKNOWN_ID], 'unknown-command'],
    [['wait', UNKNOWN_ID], 'unknown-command'],
    [['--no-such-flag'], 'unknown-command'],
    [['session', 'list', '--no-such-flag'], 'usage'],
    [['session', 'list', 'extra'], 'usage'],
  ])('is refused with 125 and a marker on stderr alone: %j', async (args, reason) => {
    const { code, stdout, stderr } = await runCsa(args, { world });
    expect(code).toBe(125);
    expect(stdout).toBe('');
    const [marker] = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '');
    expect(marker?.name).toBe('SESSION_ERROR');
    expect(attribute(marker, 'reason')).toBe(reason);
  });
});
