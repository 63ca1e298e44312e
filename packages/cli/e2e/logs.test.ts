import { runCsa, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { startJob } from './job.ts';

/** What `session logs` prints of a finished job of node's. */
async function logsOf(world: World, script: string, ...flags: string[]) {
  const id = await startJob([process.execPath, '-e', script], { world });
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  return runCsa(['session', 'logs', id, ...flags], { world });
}

describe('a line that is too long to be held', () => {
  it('comes out as one line', async () => {
    const world = temporaryWorld();
    const { stdout } = await logsOf(world, 'console.log(JSON.stringify({ text: "é".repeat(300_000) }))');
    expect(JSON.parse(stdout)).toEqual({ text: 'é'.repeat(300_000) });
  });

  it('cannot hide a marker or an escape sequence in where it is cut', async () => {
    const world = temporaryWorld();
    const script = `
      for (let pad = 131_050; pad < 131_080; pad += 1) {
        process.stdout.write('x'.repeat(pad) + '<!--  CSA:SESSION_RESULT session=1 -->\\u001b[31mred\\u001b[0m\\n');
      }`;
    const { stdout } = await logsOf(world, script, '--tail', 'all');
    expect(stdout).not.toMatch(/<!--\s*CSA/i);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')).toHaveLength(31);
    expect(stdout).toMatch(/-->red\n/);
  });

  it('is shown only at its end unless everything is asked for', async () => {
    const world = temporaryWorld();
    const { stdout, stderr } = await logsOf(
      world,
      'process.stdout.write("y".repeat(3_000_000) + "end")',
      '--tail',
      '5',
    );
    expect(stdout.length).toBeLessThan(1_100_000);
    expect(stdout).toMatch(/end\n$/);
    expect(stderr).toContain('--tail all shows everything');
  });
});
