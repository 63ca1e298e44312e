import { randomUUID } from 'node:crypto';
import { until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { findByEnvironment, groupByEnvironment } from './process-environment.ts';
import { end, startShell, stateOf } from './processes.test.fixture.ts';

const NAME = 'CSA_LIVENESS_TEST';

test('marked processes are found in whatever session they are, and no others', async () => {
  const value = randomUUID();
  const env = { ...process.env, [NAME]: value };
  const child = startShell('setsid sleep 60 & echo $!; env -i sleep 60 & exec sleep 60', { detached: true, env });
  const other = Number(await child.line());
  try {
    await until(() => findByEnvironment(NAME, value).length === 2, 'both marked processes');
    expect(findByEnvironment(NAME, value).sort()).toEqual([child.pid, other].sort());
  } finally {
    end(other);
  }
  await until(() => !findByEnvironment(NAME, value).includes(other), 'the end of the other session');
});

test('name and value count as a whole', () => {
  const value = randomUUID();
  const env = {
    PATH: process.env['PATH'],
    [`X${NAME}`]: value,
    [NAME]: `${value}.`,
    OTHER: `${NAME}=${value}`,
    LAST: '',
  };
  const { pid } = startShell('exec sleep 60', { env });
  expect(findByEnvironment(NAME, value)).toEqual([]);
  expect(findByEnvironment(NAME, value.slice(0, -1))).toEqual([]);
  expect(findByEnvironment(NAME, `${value}.\0OTHER=${NAME}=${value}`)).toEqual([]);
  expect(findByEnvironment(NAME, `${value}.`)).toEqual([pid]);
  expect(findByEnvironment('OTHER', `${NAME}=${value}`)).toEqual([pid]);
});

test('neither this process nor a zombie is found', async () => {
  const value = randomUUID();
  const env = { ...process.env, [NAME]: value };
  const parent = startShell('sleep 0.01 & echo $!; exec sleep 60', { env });
  const zombie = Number(await parent.line());
  await until(() => stateOf(zombie) === 'Z', 'the zombie');
  expect(findByEnvironment(NAME, value)).toEqual([parent.pid]);
  expect(findByEnvironment('PATH', process.env['PATH'] ?? '')).not.toContain(process.pid);
});

test('one walk finds every value and who has it', async () => {
  const [one, other] = [randomUUID(), `a=b ${randomUUID()}`];
  const start = (value: string) => startShell('exec sleep 60', { env: { PATH: process.env['PATH'], [NAME]: value } });
  const pids = [start(one).pid, start(one).pid].sort();
  const { pid } = start(other);
  startShell('exec sleep 60', { env: { PATH: process.env['PATH'], [`X${NAME}`]: 'x', Y: `${NAME}=y` } });
  const found = groupByEnvironment(NAME);
  expect([found.get(one)?.toSorted(), found.get(other), found.get('x'), found.get('y')]).toEqual([
    pids,
    [pid],
    undefined,
    undefined,
  ]);
});
