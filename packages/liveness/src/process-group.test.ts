import { until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { groupHasLiveMember } from './process-group.ts';
import { end, startShell, stateOf } from './processes.test.fixture.ts';

test('a group lives as long as one member does, also after its leader was killed and reaped', async () => {
  const leader = startShell('sleep 60 & echo $!; wait', { detached: true });
  const member = Number(await leader.line());
  expect(groupHasLiveMember(leader.pid)).toBe(true);
  end(leader.pid);
  await leader.ended;
  expect(groupHasLiveMember(leader.pid)).toBe(true);
  end(member);
  await until(() => !groupHasLiveMember(leader.pid), 'the end of the group');
});

test('a group of a zombie alone has no live member', async () => {
  const parent = startShell('setsid sleep 0.01 & echo $!; exec sleep 60');
  const zombie = Number(await parent.line());
  await until(() => stateOf(zombie) === 'Z', 'the zombie');
  expect(groupHasLiveMember(zombie)).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31 - 1, 2 ** 32 + 1])('%d is no group', (pgid) => {
  expect(groupHasLiveMember(pgid)).toBe(false);
});
