import { builtCsa, temporaryWorld, testNode } from '@csa/testkit';
import { expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { openGate, startGated } from './job.ts';
import { shell } from './program.ts';

const look = (id: string) => `"${testNode()}" "${builtCsa}" session wait ${id} --cap 0`;

it('keeps its code when its reader is gone or its stdout is closed', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'exit 3');
  const codeOf = async (line: string) => (await shell(line, { world })).stdout.trim();
  const unread = `exec 3>&1; { sleep 0.1; ${look(id)}; echo $? >&3; } | head -c 0`;
  const closed = `${look(id)} >&-; echo $?`;
  expect([await codeOf(unread), await codeOf(closed)]).toEqual(['0', '0']);
  openGate(world);
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(3);
  expect([await codeOf(unread), await codeOf(closed)]).toEqual(['3', '3']);
});

it('does not pass for 0 when alive and its answer cannot be written; a finished session keeps its code', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  expect((await shell(`${look(id)} >/dev/full`, { world })).code).toBe(125);
  expect((await shell(`${look(id)} --json >/dev/full`, { world })).code).toBe(125);
  openGate(world);
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  expect((await shell(`${look(id)} >/dev/full`, { world })).code).toBe(0);
});

it('keeps its code when stderr is full or closed', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  for (const redirection of ['2>/dev/full', '2>&-']) {
    const { code, stdout } = await shell(`${look(id)} ${redirection}`, { world });
    expect([code, stdout.includes('SESSION_WAIT_KV_WARM')]).toEqual([0, true]);
  }
});

it('leaves its marker as the last line when a shell merges stderr into stdout', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const { stdout } = await shell(`${look(id)} 2>&1 | tail -1`, { world });
  expect(stdout).toMatch(/^<!-- CSA:SESSION_WAIT_KV_WARM .* -->\n$/);
  const failed = await shell(`${look(id)} --nonsense 2>&1 | tail -1`, { world });
  expect(failed.stdout).toMatch(/^<!-- CSA:SESSION_WAIT_ERROR .* -->\n$/);
});

it('of another command cannot be lost unnoticed: its lines are the whole answer', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'echo printed');
  openGate(world);
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  const csa = `"${testNode()}" "${builtCsa}" session`;
  for (const words of [`result ${id}`, `status ${id}`, 'list', `logs ${id}`, `logs ${id} --raw`]) {
    expect((await shell(`${csa} ${words} >/dev/full`, { world })).code, words).toBe(125);
    const unread = await shell(`exec 3>&1; { sleep 0.1; ${csa} ${words}; echo $? >&3; } | head -c 0`, { world });
    expect([unread.stdout, unread.stderr], words).toEqual(['0\n', '']);
  }
});
