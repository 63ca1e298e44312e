import { spawnSync } from 'node:child_process';
import { until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { canMeasureProcesses, measureProcesses, measureProcessTree, type TreeRoots } from './process-tree.ts';
import { end, nodeArguments, type Started, start, startShell, stateOf } from './processes.test.fixture.ts';

/** Ends when its parent does, so that no test leaves it behind. */
const BUSY = 'while read -r _ _ _ parent _ < /proc/$$/stat && [ "$parent" -gt 1 ]; do :; done';

const pidsOf = (roots: TreeRoots): number[] => (measureProcessTree(roots) ?? []).map(({ pid }) => pid).sort();
const cpuOf = (pid: number): number => measureProcesses([pid])[0]?.cpuMs ?? 0;

/** The pids that a shell has printed, one on a line. */
async function printed(shell: Started, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, async (_, n) => Number(await shell.line(n))));
}

test('a tree holds the group, descendants that left it, and neither the caller nor its other children', async () => {
  const other = startShell('exec sleep 60');
  const leader = startShell('setsid sh -c "echo \\$\\$; sleep 60 & echo \\$!; wait" & sleep 60 & echo $!; wait', {
    detached: true,
  });
  const pids = await printed(leader, 3);
  try {
    expect(pidsOf({ leader: leader.pid })).toEqual([leader.pid, ...pids].sort());
    expect(pidsOf({ leader: leader.pid })).not.toContain(other.pid);
  } finally {
    for (const pid of pids) end(pid);
  }
});

test('a group is measured also when its leader has ended', async () => {
  const leader = startShell('sleep 60 & echo $!; wait', { detached: true });
  const [member = 0] = await printed(leader, 1);
  end(leader.pid);
  await leader.ended;
  expect(pidsOf({ leader: leader.pid })).toEqual([member]);
});

test('what has lost its parent and its group belongs to the tree only as an extra one, with its own children', async () => {
  const leader = startShell('(setsid sh -c "echo \\$\\$; sleep 60 & echo \\$!; wait" &); exec sleep 60', {
    detached: true,
  });
  const [orphan = 0, child = 0] = await printed(leader, 2);
  try {
    await until(() => !pidsOf({ leader: leader.pid }).includes(orphan), 'the loss of the parent');
    expect(pidsOf({ leader: leader.pid })).toEqual([leader.pid]);
    expect(pidsOf({ leader: leader.pid, extra: [orphan] })).toEqual([leader.pid, orphan, child].sort());
  } finally {
    end(child);
    end(orphan);
  }
});

test('each process comes with its name, its start and the memory that it has', async () => {
  const { pid } = start('sleep', ['60'], { detached: true });
  const use = await until(() => measureProcessTree({ leader: pid })?.find(({ name }) => name === 'sleep'), 'sleep');
  expect(use).toEqual({
    pid,
    startTime: expect.stringMatching(/^\d+$/),
    name: 'sleep',
    cpuMs: expect.any(Number),
    residentBytes: expect.any(Number),
  });
  expect(use?.residentBytes).toBeGreaterThan(0);
  expect(use?.residentBytes).toBeLessThan(100_000_000);
  const [self] = measureProcesses([process.pid]);
  expect(self?.residentBytes).toBeGreaterThan(10_000_000);
});

test('CPU time rises in who works and stands still in who sleeps', async () => {
  const busy = startShell(BUSY, { detached: true });
  const idle = startShell('exec sleep 60', { detached: true });
  const before = cpuOf(busy.pid);
  await until(() => cpuOf(busy.pid) > before + 50, 'CPU time of the loop');
  const slept = cpuOf(idle.pid);
  await until(() => cpuOf(busy.pid) > before + 200, 'more CPU time of the loop');
  expect(cpuOf(idle.pid)).toBe(slept);
});

test('the time of a child that has ended and was waited for is its parent’s', async () => {
  const loop = 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done';
  const parent = startShell(`sh -c '${loop}'; echo done; exec sleep 60`, { detached: true });
  await parent.line();
  expect(cpuOf(parent.pid)).toBeGreaterThan(0);
});

test('zombies, pids of nobody and numbers that are no pids are no part of any tree', async () => {
  const parent = startShell('sleep 0.01 & echo $!; exec sleep 60', { detached: true });
  const [zombie = 0] = await printed(parent, 1);
  await until(() => stateOf(zombie) === 'Z', 'the zombie');
  expect(pidsOf({ leader: parent.pid })).toEqual([parent.pid]);
  for (const pid of [0, -1, 2 ** 31 - 1, Number.NaN]) {
    expect(measureProcessTree({ leader: pid, extra: [pid] })).toEqual([]);
    expect(measureProcesses([pid])).toEqual([]);
  }
});

/** Runs `expression` of this package's face in a Node of its own, below `command`. */
function evaluate(command: readonly string[], expression: string): { status: number | null; stdout: string } {
  const module = `import * as face from 'SRC/index.ts'; console.log(JSON.stringify(${expression}) ?? 'undefined'); process.exit();`;
  const [file = '', ...args] = [...command, process.execPath, ...nodeArguments(module)];
  return spawnSync(file, args, { encoding: 'utf8' });
}

test('a look without a descriptor left is thrown, never an empty tree', () => {
  const full = '(() => { try { for (;;) process.getBuiltinModule("fs").openSync("/dev/null"); } catch {} })()';
  const look = (call: string): string =>
    `(() => { ${full}; try { return ${call}; } catch (error) { return error.code; } })()`;
  const few = ['sh', '-c', 'ulimit -n 60; exec "$@"', 'sh'];
  expect(evaluate(few, look('face.measureProcessTree({ leader: process.pid })')).stdout).toBe('"EMFILE"\n');
  expect(evaluate(few, look('face.measureProcesses([process.pid])')).stdout).toBe('"EMFILE"\n');
});

const FOREIGN_PROC = ['unshare', '-p', '-f', '--kill-child'];
/** A /proc that shows an ordinary user's own processes alone. */
const HIDING_PROC = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount -t proc -o hidepid=2 proc /proc; exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"',
  'sh',
];

test('processes can be measured here', () => {
  expect(canMeasureProcesses()).toBe(true);
});

test.runIf(spawnSync(FOREIGN_PROC[0] ?? '', [...FOREIGN_PROC.slice(1), 'true']).status === 0)(
  'with a /proc of another pid namespace nothing can be measured, and nothing is',
  () => {
    const { stdout } = evaluate(
      FOREIGN_PROC,
      '[face.canMeasureProcesses(), face.measureProcessTree({ leader: 1 }) === undefined, face.measureProcesses([1])]',
    );
    expect(stdout).toBe('[false,true,[]]\n');
  },
);

test.runIf(spawnSync(HIDING_PROC[0] ?? '', [...HIDING_PROC.slice(1), 'true']).status === 0)(
  'where /proc hides other users’ processes, a tree of theirs is unknown and not empty',
  () => {
    const { stdout } = evaluate(
      HIDING_PROC,
      '[face.canMeasureProcesses(), face.measureProcessTree({ leader: 1 }) === undefined]',
    );
    expect(stdout).toBe('[false,true]\n');
  },
);
