import { until } from '@csa/testkit';
import { expect, test, vi } from 'vitest';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { end, type Started, startShell } from './processes.test.fixture.ts';
import { signalProven } from './signal.ts';

const sleeper = async (detached = false): Promise<[Started, ProcessIdentity]> => {
  const child = startShell('exec sleep 60', { detached });
  return [child, (await identify(child.pid)) as ProcessIdentity];
};

test('a proven process gets its signal; afterwards it is gone', async () => {
  const [child, identity] = await sleeper();
  expect(await signalProven(identity, 'SIGTERM')).toBe('sent');
  await child.ended;
  expect(child.child.signalCode).toBe('SIGTERM');
  expect(await signalProven(identity, 'SIGTERM')).toBe('gone');
});

test('a group gets it as a whole', async () => {
  const leader = startShell('sleep 60 & echo $!; wait', { detached: true });
  await leader.line();
  const identity = (await identify(leader.pid)) as ProcessIdentity;
  expect(await signalProven(identity, 'SIGKILL', 'group')).toBe('sent');
  await leader.ended;
  await until(async () => (await signalProven(identity, 'SIGKILL', 'group')) === 'gone', 'the end of the group');
});

test('a process that leads no group is refused as a group, and lives', async () => {
  const [child, identity] = await sleeper();
  expect(await signalProven(identity, 'SIGKILL', 'group')).toBe('refused');
  expect(child.child.exitCode ?? child.child.signalCode).toBeNull();
});

test('what is not proven gets nothing', async () => {
  const [child, whole] = await sleeper(true);
  const later = String(Number(whole.startTime) + 1);
  const cases: [ProcessIdentity, string][] = [
    [{ pid: whole.pid }, 'refused'],
    [{ pid: whole.pid, startTime: '-' }, 'refused'],
    [{ ...whole, startTime: later }, 'gone'],
    [{ ...whole, bootId: 'before' }, 'gone'],
    [{ ...whole, machineId: 'another', bootId: 'another' }, 'refused'],
    [{ ...whole, pidNamespace: '1' }, 'refused'],
    ...[1, 0, -1, -whole.pid, 2 ** 32 + whole.pid].map((pid): [ProcessIdentity, string] => [
      { ...whole, pid },
      'refused',
    ]),
  ];
  const kill = vi.spyOn(process, 'kill');
  try {
    for (const [identity, outcome] of cases) {
      for (const target of ['process', 'group'] as const) {
        expect(await signalProven(identity, 'SIGCONT', target), JSON.stringify(identity)).toBe(outcome);
      }
    }
    expect(kill.mock.calls.filter(([, signal]) => signal !== 0)).toEqual([]);
  } finally {
    kill.mockRestore();
  }
  end(child.pid);
  await child.ended;
});
