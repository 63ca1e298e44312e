import { spawnSync } from 'node:child_process';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, temporaryWorld, testNode } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { attribute, attributes, waitFor } from './answer.ts';
import { startJob } from './job.ts';
import { run } from './program.ts';

/** Works in silence for longer than the limit. */
const BUSY = 'end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do :; done';

describe('--idle-timeout', () => {
  it('ends a command that does nothing, and every page of its record says so', async () => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', 'echo begun; sleep 600'], { world }, ['--idle-timeout', '1s']);
    const { code, status, result } = await waitFor([id, '--cap', '60s'], { world });
    expect(code).toBe(143);
    const expected = { status: 'timeout', signal: 'SIGTERM', reason: 'idle' };
    expect(attributes(status, 'status', 'signal', 'reason')).toEqual(expected);
    expect(attributes(result, 'status', 'signal', 'reason')).toEqual(expected);
    expect(attribute(result, 'summary')).toContain('no output and no CPU time for 1s; last output: begun');
    expect((await runCsa(['session', 'result', id], { world })).stdout).toContain('idle');
  });

  it.each([
    ['prints', 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done'],
    ['works in silence', BUSY],
    ['waits for a silent worker in a session of its own', `(setsid sh -c '${BUSY}' &); sleep 3`],
  ])('leaves a command alone that %s', async (_, script) => {
    const world = temporaryWorld();
    const id = await startJob(['sh', '-c', `${script}; exit 7`], { world }, ['--idle-timeout', '1s']);
    expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(7);
  });

  it.each([
    ['0', 'out-of-range'],
    ['999ms', 'out-of-range'],
    ['21d', 'out-of-range'],
    ['soon', 'bad-duration'],
  ])('is refused when it is %s', async (text, reason) => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['session', 'start', '--idle-timeout', text, '--', 'true'], {
      world,
    });
    expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', reason]);
  });

  const FOREIGN_PROC = ['unshare', '-p', '-f', '--kill-child'] as const;

  it.runIf(spawnSync(FOREIGN_PROC[0], [...FOREIGN_PROC.slice(1), 'true']).status === 0)(
    'is refused where /proc cannot show what works, and the rest starts',
    async () => {
      const world = temporaryWorld();
      const start = (...flags: string[]) =>
        run([...FOREIGN_PROC, testNode(), builtCsa, 'session', 'start', ...flags, '--', 'true'], { world });
      const refused = await start('--idle-timeout', '5m');
      expect([refused.code, refused.stdout]).toEqual([125, '']);
      expect(attribute(parseMarkers(refused.stderr).at(-1), 'reason')).toBe('idle-unmeasurable');
      expect((await start()).code).toBe(0);
    },
  );
});
