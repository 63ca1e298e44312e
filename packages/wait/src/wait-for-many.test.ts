import { expect, test } from 'vitest';
import { ALIVE, ENDED, FINISHED, GONE, look, ScriptedSource } from './scripted-source.test.fixture.ts';
import { type ManyWaited, waitForMany } from './wait-for-many.ts';

const kinds = ({ members }: ManyWaited): string[] => members.map(({ waited }) => waited.end.kind);
const counting = ({ members }: ManyWaited): string => members.map(({ counts }) => (counts ? 'y' : '.')).join('');
const over = () => new ScriptedSource([FINISHED]);
const living = () => new ScriptedSource([ALIVE]);
/** Lives, and has ended at its second look, which comes after so many milliseconds. */
const endingAfter = (ms: number, end = FINISHED) =>
  new ScriptedSource([ALIVE, end], ({ hint, looks }) => looks === 1 && setTimeout(hint, ms));

test('all of them that were over before are answered at one look each, in the order given', async () => {
  const sources = [over(), new ScriptedSource([ENDED]), over()];
  const many = await waitForMany(sources, { need: 3 });
  expect([many.outcome, kinds(many), counting(many)]).toEqual(['met', ['finished', 'dead', 'finished'], 'yyy']);
  expect(sources.map(({ looks, closed }) => [looks, closed])).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test('all of them are waited for, each by its own events', async () => {
  const [quick, slow] = [endingAfter(20), endingAfter(60)];
  const many = await waitForMany([slow, quick, over()], { need: 3 });
  expect([many.outcome, kinds(many)]).toEqual(['met', ['finished', 'finished', 'finished']]);
  expect([quick.looks, slow.looks]).toEqual([2, 2]);
});

test('a change of one makes no other be read again', async () => {
  const busy = new ScriptedSource([ALIVE, ALIVE, ALIVE, ALIVE, FINISHED], ({ hint }) => setTimeout(hint, 5));
  const quiet = living();
  const many = await waitForMany([busy, quiet], { need: 1 });
  expect(kinds(many)).toEqual(['finished', 'alive']);
  // The first look, and the last one when the other had ended.
  expect([busy.looks, quiet.looks]).toEqual([5, 2]);
});

test('the first that ends is enough, and the rest leave as what they are', async () => {
  const hidden = new ScriptedSource([look({ state: 'unknown', reason: 'proc-hidden' })]);
  const sources = [living(), hidden, endingAfter(30), living()];
  const many = await waitForMany(sources, { need: 1 });
  expect([many.outcome, counting(many)]).toEqual(['met', '..y.']);
  expect(kinds(many)).toEqual(['alive', 'undetermined', 'finished', 'alive']);
  expect(many.members[1]?.waited.end).toEqual({ kind: 'undetermined', reason: 'proc-hidden' });
  expect(sources.map(({ closed }) => closed)).toEqual([1, 1, 1, 1]);
});

test('a dead one has ended, too', async () => {
  const many = await waitForMany([living(), endingAfter(20, ENDED)], { need: 1 });
  expect([many.outcome, kinds(many), counting(many)]).toEqual(['met', ['alive', 'dead'], '.y']);
});

test('of those that were over before the first given counts, whichever was looked at first', async () => {
  const many = await waitForMany([living(), over(), over()], { need: 1 });
  expect([kinds(many), counting(many)]).toEqual([['alive', 'finished', 'finished'], '.y.']);
});

test('what the last look of the rest finds has ended at the same time: the order given decides', async () => {
  // Nobody tells of the first: it is found when the second has ended.
  const unnoticed = new ScriptedSource([ALIVE, FINISHED]);
  const many = await waitForMany([unnoticed, endingAfter(20)], { need: 1 });
  expect([kinds(many), counting(many)]).toEqual([['finished', 'finished'], 'y.']);
});

test('one that ended while it was waited for comes after one that was over before', async () => {
  const many = await waitForMany([endingAfter(10), endingAfter(40), over()], { need: 2 });
  expect([many.outcome, counting(many)]).toEqual(['met', 'y.y']);
});

test('at the cap everybody counts', async () => {
  const many = await waitForMany([over(), living(), new ScriptedSource([ENDED])], { need: 3, capMs: 100 });
  expect([many.outcome, kinds(many), counting(many)]).toEqual(['unmet', ['finished', 'alive', 'dead'], 'yyy']);
  expect(many.elapsedMs).toBeGreaterThanOrEqual(100);
});

test('a cap of 0 is one look at each, and the second one that a suspected death needs', async () => {
  const [alive, gone] = [living(), new ScriptedSource([GONE])];
  const many = await waitForMany([alive, gone], { need: 2, capMs: 0 });
  expect([kinds(many), alive.looks]).toEqual([['alive', 'dead'], 1]);
});

test('one that is lost does not keep the others from being waited for, and the need is then not met', async () => {
  const many = await waitForMany([new ScriptedSource([{ kind: 'lost' }]), endingAfter(30)], { need: 2 });
  expect([many.outcome, kinds(many), counting(many)]).toEqual(['unmet', ['lost', 'finished'], 'yy']);
});

test('an abort interrupts all that have not ended, and tells what they are', async () => {
  const abort = new AbortController();
  const alive = living();
  const waiting = waitForMany([over(), alive], { need: 2, abort: abort.signal });
  setTimeout(() => abort.abort(), 20);
  const many = await waiting;
  expect([many.outcome, kinds(many)]).toEqual(['interrupted', ['finished', 'alive']]);
  // Hundreds of looks would keep whoever interrupts them waiting.
  expect(alive.looks).toBe(1);
});

test('what is over is told as such, also to somebody who was aborted before', async () => {
  const many = await waitForMany([over(), over()], { need: 2, abort: AbortSignal.abort() });
  expect(many.outcome).toBe('met');
});

test('a target that was still missing when the others were enough is unknown', async () => {
  const missing = new ScriptedSource([{ kind: 'alias-trouble', reason: 'alias-missing' }]);
  const many = await waitForMany([missing, over()], { need: 1 });
  expect(many.members[0]?.waited.end).toEqual({ kind: 'undetermined', reason: 'starting' });
});

test('each end is told at once', async () => {
  const told: [number, string][] = [];
  const onEnd = (index: number, { end }: { end: { kind: string } }) => told.push([index, end.kind]);
  await waitForMany([endingAfter(40), endingAfter(10), over()], { need: 3, onEnd });
  expect(told).toEqual([
    [2, 'finished'],
    [1, 'finished'],
    [0, 'finished'],
  ]);
});

test('what a source throws is passed on, and the others leave', async () => {
  const [bug, other] = [new ScriptedSource([new Error('a bug')]), living()];
  await expect(waitForMany([bug, other], { need: 2 })).rejects.toThrow('a bug');
  expect([bug.closed, other.closed]).toEqual([1, 1]);
});

test('hundreds of waits share one signal without a word of warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const abort = new AbortController();
  await waitForMany(
    Array.from({ length: 300 }, (_, i) => (i === 299 ? endingAfter(10) : living())),
    { need: 1, abort: abort.signal },
  );
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});
