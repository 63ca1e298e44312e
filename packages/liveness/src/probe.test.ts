import { spawnSync } from 'node:child_process';
import { until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { thisHost } from './host.ts';
import { probe } from './probe.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { end, nodeArguments, start, startShell, stateOf } from './processes.test.fixture.ts';

const identityOf = async (pid: number): Promise<ProcessIdentity> => {
  const identity = await identify(pid);
  if (!identity) throw new Error(`no process ${pid}`);
  return identity;
};

test('a running child is alive with all that is known of it, and dead once it was killed and reaped', async () => {
  const child = startShell('exec sleep 60');
  const identity = await identityOf(child.pid);
  expect(identity).toEqual({ pid: child.pid, startTime: expect.stringMatching(/^\d+$/), ...thisHost() });
  expect(await probe(identity)).toEqual({ state: 'alive' });
  end(child.pid);
  await child.ended;
  expect(await probe(identity)).toEqual({ state: 'dead', reason: 'gone' });
  expect(await identify(child.pid)).toBeUndefined();
});

test('the same pid with other start ticks is another process', async () => {
  const identity = await identityOf(process.pid);
  const wrong = { ...identity, startTime: String(Number(identity.startTime) + 1) };
  expect(await probe(wrong)).toEqual({ state: 'dead', reason: 'reused' });
  expect(await probe({ pid: wrong.pid, startTime: wrong.startTime })).toEqual({ state: 'dead', reason: 'reused' });
});

test('a zombie is dead, though its group (its parent) lives', async () => {
  const parent = startShell('sleep 0.01 & echo $!; exec sleep 60');
  const pid = Number(await parent.line());
  await until(() => stateOf(pid) === 'Z', 'the zombie');
  const identity = await identityOf(pid);
  expect(await probe(identity)).toEqual({ state: 'dead', reason: 'zombie' });
  expect(await probe({ pid }, 'sleep')).toEqual({ state: 'dead', reason: 'zombie' });
});

test('a zombie that leads a group is alive until the last member has ended', async () => {
  const leader = 'setsid sh -c "sleep 60 & echo \\$!; exec sleep 0.01"';
  const parent = startShell(`${leader} & echo $!; exec sleep 60`, { detached: true });
  const pids = [Number(await parent.line(0)), Number(await parent.line(1))];
  const pid = await until(() => pids.find((one) => stateOf(one) === 'Z'), 'the zombie leader');
  const member = pids.find((one) => one !== pid) ?? 0;
  const identity = await identityOf(pid);
  expect(await probe(identity)).toEqual({ state: 'alive' });
  end(member);
  await until(async () => (await probe(identity)).state === 'dead', 'the end of the group');
  expect(await probe(identity)).toEqual({ state: 'dead', reason: 'zombie' });
});

test('a bare pid is alive only while its command line mentions the id', async () => {
  const { pid } = startShell('sleep 60; : 01M0F77JH0BVPHYFAVF40A3GZ5', { detached: true });
  expect(await probe({ pid }, '01M0F77JH0BVPHYFAVF40A3GZ5')).toEqual({ state: 'alive' });
  expect(await probe({ pid }, '01M0F77JH0BVPHYFAVF40A3GZ6')).toEqual({ state: 'dead', reason: 'other-command' });
  expect(await probe({ pid })).toEqual({ state: 'unknown', reason: 'unproven-pid' });
});

test.each([0, 1, -1, 2 ** 32 + process.pid, Number.NaN])('pid %d is never looked at', async (pid) => {
  expect(await probe({ pid, startTime: '1' })).toEqual({ state: 'unknown', reason: 'invalid-pid' });
});

test('identify takes pid 1, as a supervisor in a container may have it, and no number that is no pid', async () => {
  expect(await identify(1)).toMatchObject({ pid: 1 });
  for (const pid of [0, -1, 1.5, 2 ** 32 + process.pid, Number.NaN]) expect(await identify(pid)).toBeUndefined();
});

const print = "import { identify, probe } from 'SRC/index.ts'; const self = await identify(process.pid);";

test('a pid of another pid namespace is unknown', async () => {
  const script = `${print} console.log(JSON.stringify(self)); setInterval(() => {}, 1e9);`;
  const unshare = namespaceCommand();
  const inside: ProcessIdentity = unshare
    ? JSON.parse(await startNodeUnder([...unshare, '--mount-proc'], script))
    : { ...(await identityOf(process.pid)), pidNamespace: '1' };
  expect(inside.startTime).toMatch(/^\d+$/);
  expect(await probe(inside)).toEqual({ state: 'unknown', reason: 'other-pid-namespace' });
});

test('a /proc of another pid namespace is not taken for our own', async () => {
  const script = `${print} console.log(JSON.stringify([self, await probe({ ...self, startTime: '1' })]));`;
  const unshare = namespaceCommand();
  if (!unshare) return; // not permitted here; nothing that can be fabricated takes its place
  const [self, liveness] = JSON.parse(await startNodeUnder(unshare, script));
  expect(self.startTime).toBeUndefined();
  expect(liveness).toEqual({ state: 'unknown', reason: 'proc-hidden' });
});

test('without a descriptor left, a look is an I/O error and no verdict', async () => {
  const script = `import { openSync } from 'node:fs'; ${print}
    const full = () => { for (;;) openSync('/dev/null'); };
    try { full(); } catch {}
    console.log(JSON.stringify(await probe(self))); process.exit();`;
  const child = startNodeUnder(['sh', '-c', 'ulimit -n 60; exec "$@"', 'sh'], script);
  expect(JSON.parse(await child)).toEqual({ state: 'unknown', reason: 'io-error' });
});

/** How to enter a new pid namespace here, undefined when this machine does not permit it. */
function namespaceCommand(): string[] | undefined {
  const ways = [
    ['unshare', '-p', '-f', '--kill-child'],
    ['unshare', '-U', '-r', '-p', '-f', '--kill-child'],
  ];
  return ways.find(([command, ...args]) => spawnSync(command ?? '', [...args, '--mount-proc', 'true']).status === 0);
}

/** The first line of a module that runs below another command; in a new pid namespace as pid 2. */
function startNodeUnder([command, ...args]: string[], module: string): Promise<string> {
  const inner = command === 'unshare' ? ['sh', '-c', '"$@"; exit $?', 'sh'] : [];
  const node = [process.execPath, ...nodeArguments(module)];
  return start(command ?? '', [...args, ...inner, ...node]).line();
}
