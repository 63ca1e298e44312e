import type { Completion, Reading, SessionResult } from '@csa/session';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { Verdict } from './verdict.ts';

/** What is on the disk and in the process table at one moment. */
interface Scene {
  readonly daemon: 'alive' | 'dead';
  readonly alias: boolean;
  readonly completion: Reading<Completion>;
  readonly result: Reading<SessionResult>;
}

type Part = keyof Scene;
type Step = (scene: Scene) => Scene;

interface Writer {
  readonly name: string;
  readonly once: boolean;
  readonly steps: readonly Step[];
}

const result = (status: string, exitCode: number): Reading<SessionResult> => ({
  kind: 'present',
  value: { status, exitCode, summary: '', tool: 'make', startedAt: 'then', completedAt: 'now' },
});
const writeResult =
  (status: string, exitCode: number): Step =>
  (scene) => ({ ...scene, result: result(status, exitCode) });
const writeCompletion: Step = (scene) => ({ ...scene, completion: { kind: 'present', value: { exitCode: 3 } } });
const writeAlias: Step = (scene) => ({ ...scene, alias: true });
const die: Step = (scene) => ({ ...scene, daemon: 'dead' });

const BEGINNING: Scene = { daemon: 'alive', alias: false, completion: { kind: 'absent' }, result: { kind: 'absent' } };

const WHOLE_LIVES: readonly Writer[] = [
  { name: 'ours', once: true, steps: [writeResult('failure', 3), writeCompletion] },
  { name: 'foreign', once: false, steps: [writeResult('failure', 3), writeCompletion] },
  {
    name: 'foreign with several tries',
    once: false,
    steps: [
      writeResult('tier_failover_superseded', 1),
      writeResult('failure', 2),
      writeResult('success', 0),
      writeCompletion,
    ],
  },
  { name: 'foreign that leaves no result', once: false, steps: [writeCompletion] },
  { name: 'wrapper', once: false, steps: [writeAlias, writeCompletion] },
];

/** Each life, and each life cut short by a crash after every step. */
const WRITERS: readonly Writer[] = WHOLE_LIVES.flatMap((writer) =>
  [...writer.steps.keys(), writer.steps.length].map((length) => ({
    ...writer,
    name: `${writer.name} with ${length} steps`,
    steps: [...writer.steps.slice(0, length), die],
  })),
);

/** What an observer saw who read each part at another moment, and what is to be thought of it. */
function judge(seen: Scene, once: boolean): Verdict | { kind: 'follow' } {
  if (seen.alias) return { kind: 'follow' };
  const { completion, result } = seen;
  return decide({
    daemon: { state: seen.daemon },
    completion,
    result,
    publishedOnce: once && result.kind === 'present',
    trustResult: false,
    capReached: false,
  });
}

/** All ways to place the observer's reads, in their order, between the writer's steps: how many steps came before each. */
function* placements(reads: number, steps: number, from = 0): Generator<number[]> {
  if (reads === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= steps; at += 1) {
    for (const rest of placements(reads - 1, steps, at)) yield [at, ...rest];
  }
}

/** The interleavings in which an answer other than `waiting` is not the one that the finished story gives. */
function wrongAnswers(order: readonly Part[]): { wrong: string[]; tried: number } {
  const wrong: string[] = [];
  let tried = 0;
  for (const writer of WRITERS) {
    const scenes = [BEGINNING];
    for (const step of writer.steps) scenes.push(step(scenes.at(-1) as Scene));
    const truth = judge(scenes.at(-1) as Scene, writer.once);
    for (const placement of placements(order.length, writer.steps.length)) {
      tried += 1;
      const seen = Object.fromEntries(order.map((part, i) => [part, scenes[placement[i] as number]?.[part]]));
      const answer = judge(seen as unknown as Scene, writer.once);
      if (!isRight(answer, truth)) wrong.push(`${writer.name}, read at ${placement}: ${JSON.stringify(answer)}`);
    }
  }
  return { wrong, tried };
}

/** Waiting is never wrong. That the daemon lingered while it was looked at is true, and no part of the answer. */
function isRight(answer: ReturnType<typeof judge>, truth: ReturnType<typeof judge>): boolean {
  const bare = (verdict: object): string => JSON.stringify({ ...verdict, daemonAlive: undefined });
  return answer.kind === 'waiting' || bare(answer) === bare(truth);
}

test('the daemon first, then the alias, then the files: no interleaving with a writer gives a wrong answer', () => {
  const { wrong, tried } = wrongAnswers(['daemon', 'alias', 'completion', 'result']);
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(400);
});

test.each<readonly Part[][]>([
  [['completion', 'result', 'alias', 'daemon']],
  [['result', 'daemon', 'alias', 'completion']],
  [['completion', 'daemon', 'alias', 'result']],
  [['alias', 'daemon', 'completion', 'result']],
])('another order, %s, gives wrong answers in some', (order) => {
  expect(wrongAnswers(order).wrong.length).toBeGreaterThan(0);
});
