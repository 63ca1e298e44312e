import { expect, test, vi } from 'vitest';
import { ALIVE, ENDED, FINISHED, GONE, RESULT, ScriptedSource } from './scripted-source.test.fixture.ts';
import type { Observation } from './source.ts';
import { wait } from './wait.ts';

const TROUBLE: Observation = { kind: 'alias-trouble', reason: 'alias-missing' };
const EMFILE = { kind: 'error', code: 'EMFILE' } as const;
/** Far less than the look that is taken every five seconds anyway. */
const AT_ONCE_MS = 2_000;

test('a session that is over is answered at the first look, and the watch is closed', async () => {
  const source = new ScriptedSource([FINISHED]);
  const { end, elapsedMs, facts, eventsComplete } = await wait(source);
  expect(end).toMatchObject({ kind: 'finished', source: 'result', daemonAlive: true });
  expect(facts).toMatchObject({ daemon: { state: 'alive' }, result: RESULT, publishedOnce: true, capReached: false });
  expect(elapsedMs).toBeLessThan(AT_ONCE_MS);
  expect(eventsComplete).toBe(true);
  expect([source.looks, source.closed]).toEqual([1, 1]);
});

test('the watch stands before the first look', async () => {
  let watched = false;
  const source = new ScriptedSource([FINISHED]);
  await wait({
    observe: () => {
      expect(watched).toBe(true);
      return source.observe();
    },
    watch: (onHint) => {
      watched = true;
      return source.watch(onHint);
    },
  });
  expect(source.looks).toBe(1);
});

test('a hint while it looks, after the file was read, is not missed', async () => {
  const source = new ScriptedSource([ALIVE, FINISHED], ({ hint, looks }) => looks === 1 && hint());
  expect((await wait(source)).elapsedMs).toBeLessThan(AT_ONCE_MS);
  expect(source.looks).toBe(2);
});

test('a hint in the sleep ends it', async () => {
  const source = new ScriptedSource([ALIVE, ALIVE, FINISHED], ({ hint }) => setTimeout(hint, 20));
  expect((await wait(source)).elapsedMs).toBeLessThan(AT_ONCE_MS);
});

test('where events are incomplete it looks again within a second', async () => {
  const source = new ScriptedSource([ALIVE, FINISHED]);
  source.complete = false;
  const { elapsedMs, eventsComplete } = await wait(source);
  expect(elapsedMs).toBeGreaterThanOrEqual(900);
  expect(elapsedMs).toBeLessThan(3_000);
  expect(eventsComplete).toBe(false);
});

test('a cap of 0 is one look', async () => {
  const source = new ScriptedSource([ALIVE, FINISHED]);
  expect((await wait(source, { capMs: 0 })).end).toEqual({ kind: 'alive' });
  expect([source.looks, source.closed]).toEqual([1, 1]);
});

test('a cap of 0 still takes the second look at a suspected death', async () => {
  const source = new ScriptedSource([GONE]);
  const { end, elapsedMs } = await wait(source, { capMs: 0 });
  expect(end).toEqual({ kind: 'dead' });
  expect(elapsedMs).toBeGreaterThanOrEqual(249);
  expect(source.looks).toBeLessThan(5);
});

test('a second look that finds the daemon alive past the cap is the answer', async () => {
  const source = new ScriptedSource([GONE, ALIVE]);
  expect((await wait(source, { capMs: 0 })).end).toEqual({ kind: 'alive' });
  expect(source.looks).toBe(2);
});

test("a death by the kernel's word ends the wait at once", async () => {
  const source = new ScriptedSource([ENDED]);
  expect((await wait(source, { capMs: 60_000 })).end).toEqual({ kind: 'dead' });
  expect(source.looks).toBe(1);
});

test('the cap ends the wait of a living session, not much later', async () => {
  const { end, elapsedMs } = await wait(new ScriptedSource([ALIVE]), { capMs: 300 });
  expect(end).toEqual({ kind: 'alive' });
  expect(elapsedMs).toBeGreaterThanOrEqual(300);
  expect(elapsedMs).toBeLessThan(AT_ONCE_MS);
});

test('a suspicion of a wrapper is none of its target: that one gets two looks of its own', async () => {
  const target = { ...GONE, session: 'target' };
  const source = new ScriptedSource([GONE, target, target, FINISHED], ({ hint, looks }) => {
    // The target is first seen when the suspicion of the wrapper is old enough, and looked at again soon after.
    if (looks === 1) setTimeout(hint, 240);
    if (looks === 2) setTimeout(hint, 100);
    if (looks === 3) setTimeout(hint, 50);
  });
  expect((await wait(source)).end.kind).toBe('finished');
});

test('a second look that is due while the waiter falls asleep is taken at once', async () => {
  const source = new ScriptedSource([GONE], ({ hint, looks }) => looks === 1 && setTimeout(hint, 235));
  // Asked for between a look and the sleep after it.
  Object.defineProperty(source, 'complete', {
    get: () => {
      for (const end = performance.now() + (source.looks === 2 ? 30 : 0); performance.now() < end; );
      return true;
    },
  });
  const { end, elapsedMs } = await wait(source);
  expect(end).toEqual({ kind: 'dead' });
  expect(elapsedMs).toBeLessThan(AT_ONCE_MS);
});

test('our own trouble in reading is tried again', async () => {
  const source = new ScriptedSource([
    { ...ENDED, result: EMFILE },
    { ...ENDED, result: RESULT },
  ]);
  const { end, elapsedMs } = await wait(source);
  expect(end).toMatchObject({ kind: 'finished', source: 'result' });
  expect(elapsedMs).toBeLessThan(3_000);
});

test('our own trouble that lasts until the cap is no verdict about the session', async () => {
  const source = new ScriptedSource([{ ...ENDED, completion: EMFILE }]);
  expect((await wait(source, { capMs: 200 })).end).toEqual({ kind: 'undetermined', reason: 'io-error' });
});

test('a target that is missing for a moment is waited for', async () => {
  const source = new ScriptedSource([TROUBLE, FINISHED], ({ hint, looks }) => looks === 1 && setTimeout(hint, 50));
  expect((await wait(source, { capMs: 0 })).end.kind).toBe('finished');
});

test.each([
  ['from the start', [TROUBLE], 100],
  ['after a suspicion, past the cap', [GONE, TROUBLE], 100],
  ['after a suspicion, long before the cap', [GONE, TROUBLE], 60_000],
])('a target that stays missing, %s, is told soon, without a busy loop', async (_, script, capMs) => {
  const source = new ScriptedSource(script, ({ hint, looks }) => looks < script.length && setTimeout(hint, 200));
  const { end, elapsedMs } = await wait(source, { capMs });
  expect(end).toEqual(TROUBLE);
  expect(elapsedMs).toBeLessThan(AT_ONCE_MS);
  expect(source.looks).toBeLessThan(script.length + 5);
});

test('a record that is gone ends the wait at once, without facts', async () => {
  const { end, facts } = await wait(new ScriptedSource([{ kind: 'lost' }]));
  expect(end).toEqual({ kind: 'lost' });
  expect(facts).toBeUndefined();
});

test('an abort ends the wait, sooner than its next look would, and says what the daemon was', async () => {
  const abort = new AbortController();
  let abortedAt = 0;
  const source = new ScriptedSource([ALIVE], () =>
    setTimeout(() => {
      abortedAt ||= performance.now();
      abort.abort();
    }, 50),
  );
  expect((await wait(source, { abort: abort.signal })).end).toEqual({ kind: 'interrupted', daemon: 'alive' });
  expect(performance.now() - abortedAt).toBeLessThan(4_900);
  expect(source.closed).toBe(1);
});

test('an abort at once ends the wait without another look, with what the last one showed', async () => {
  const abort = new AbortController();
  const source = new ScriptedSource([ALIVE, FINISHED], () => setTimeout(() => abort.abort(), 20));
  const { end, facts } = await wait(source, { abortAtOnce: abort.signal });
  expect([end, facts?.daemon.state]).toEqual([{ kind: 'interrupted', daemon: 'alive' }, 'alive']);
  expect([source.looks, source.closed]).toEqual([1, 1]);
});

test('an abort at once that was there before leaves time for the first look', async () => {
  const abortAtOnce = AbortSignal.abort();
  const [living, over] = [new ScriptedSource([ALIVE]), new ScriptedSource([FINISHED])];
  expect((await wait(living, { abortAtOnce })).end).toEqual({ kind: 'interrupted', daemon: 'alive' });
  expect((await wait(over, { abortAtOnce })).end.kind).toBe('finished');
  expect([living.looks, over.looks]).toEqual([1, 1]);
});

test('an abort at once before a wrapper’s target was found says nothing of it', async () => {
  const abort = new AbortController();
  const source = new ScriptedSource([TROUBLE], () => setTimeout(() => abort.abort(), 20));
  const { end } = await wait(source, { abortAtOnce: abort.signal });
  expect(end).toEqual({ kind: 'interrupted', daemon: 'unknown' });
});

test('an abort while a target is missing ends the wait too', async () => {
  const { end } = await wait(new ScriptedSource([TROUBLE]), { abort: AbortSignal.abort() });
  expect(end).toEqual({ kind: 'interrupted', daemon: 'unknown' });
});

test('a session that is over is told as such, also to somebody who was aborted before', async () => {
  expect((await wait(new ScriptedSource([FINISHED]), { abort: AbortSignal.abort() })).end.kind).toBe('finished');
});

test('an abort signal that outlives the wait keeps no listener of it', async () => {
  const { signal } = new AbortController();
  const added: unknown[] = [];
  const removed: unknown[] = [];
  signal.addEventListener = (_type: string, listener: unknown) => void added.push(listener);
  signal.removeEventListener = (_type: string, listener: unknown) => void removed.push(listener);
  await wait(new ScriptedSource([FINISHED]), { abort: signal });
  expect(added).toHaveLength(1);
  expect(removed).toEqual(added);
});

test('what a source throws is passed on, with the watch closed', async () => {
  const source = new ScriptedSource([ALIVE, new Error('a bug')], ({ hint }) => hint());
  await expect(wait(source)).rejects.toThrow('a bug');
  expect(source.closed).toBe(1);
});

test('onLook is called at every look', async () => {
  let looks = 0;
  const source = new ScriptedSource([ALIVE, ALIVE, FINISHED], ({ hint }) => hint());
  await wait(source, {
    onLook: () => {
      looks += 1;
    },
  });
  expect(looks).toBe(3);
});

test.each([
  ['the daemon unknown', { ...ALIVE, daemon: { state: 'unknown', reason: 'proc-hidden' } }, 'proc-hidden'],
  ['the daemon dead and its record unreadable for us', { ...ENDED, result: EMFILE }, 'io-error'],
] as const)('a wait without a cap ends after 240 s of %s', async (_, seen, reason) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const settled: unknown[] = [];
    void wait(new ScriptedSource([seen])).then(({ end }) => settled.push(end));
    await vi.advanceTimersByTimeAsync(239_000);
    expect(settled).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(settled).toEqual([{ kind: 'undetermined', reason }]);
  } finally {
    vi.useRealTimers();
  }
});
