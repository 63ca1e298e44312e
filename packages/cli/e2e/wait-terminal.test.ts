import { stripVTControlCharacters } from 'node:util';
import { builtCsa, temporaryWorld, testNode } from '@csa/testkit';
import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { startGated } from './job.ts';
import { run } from './program.ts';

const CLEAR_LINE = '\r\u001b[J';

it('shows one live line on a terminal, and takes it away before the answer', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const line = `stty cols 300; "${testNode()}" "${builtCsa}" session wait ${id} --cap 2500ms`;
  const { code, stdout } = await run(['script', '-qec', line, '/dev/null'], { world, env: { TERM: 'xterm' } });
  expect(code).toBe(0);
  const drawn = stdout.split(CLEAR_LINE);
  expect(drawn.length).toBeGreaterThanOrEqual(3);
  for (const line of drawn.slice(1, -1)) {
    const live = stripVTControlCharacters(line).replace(/\r+$/, '');
    expect(live).toContain(id);
    expect(live).not.toMatch(/\p{Cc}/u);
  }
  const markers = (drawn.at(-1) ?? '').split('\r\n').filter((text) => text.startsWith('<!-- CSA:'));
  expect(answerOf({ code, signal: null, stdout: `${markers.join('\n')}\n`, stderr: '' }).status.name).toBe(
    'SESSION_WAIT_KV_WARM',
  );
  expect(drawn.at(-1)?.trimEnd().endsWith('-->')).toBe(true);
});
