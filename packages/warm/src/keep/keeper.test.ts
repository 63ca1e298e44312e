import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arm, cancel, off, on } from '../store/transitions.ts';
import type { WarmKey } from '../store/warm-key.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import { weigh } from './evidence.ts';
import { asProvider, HOUR, KEY, keeping, MINUTE, Scene, SECOND, SETTINGS, settle } from './keeping.test.fixture.ts';
import { keepOnDisk } from './kept-record.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

describe('a keeper', () => {
  test('sends one request in each interval, and each reads the prefix that the one before has renewed', async () => {
    const scene = keeping();
    const start = scene.clock.wall();
    await scene.clock.advance(20 * MINUTE);
    expect(scene.sentAfter(start)).toEqual([240, 480, 720, 960, 1200]);
    expect(scene.beats.map(({ verdict }) => verdict)).toEqual(Array(5).fill('full'));
    scene.use();
    expect(scene.turn?.tokens).toMatchObject({ read: 100_000, write: 0 });
  });

  test('counts a life from the start of a request, however long its answer takes', async () => {
    const scene = keeping();
    const start = scene.clock.wall();
    scene.script = async (_, provider) => {
      const answer = provider.request();
      await scene.clock.sleep(50 * SECOND, new AbortController().signal);
      return { kind: 'answered', ...answer };
    };
    await scene.clock.advance(17 * MINUTE);
    expect(scene.sentAfter(start)).toEqual([240, 480, 720, 960]);
    expect(scene.beats.map(({ at }) => (at - start) / SECOND)).toEqual([240, 480, 720, 960]);
    expect(scene.beats.map(({ durationMs }) => durationMs)).toEqual(Array(4).fill(50_000));
  });

  test('sends no more on a silent day than the return would pay for, and stays off', async () => {
    const scene = keeping(24 * HOUR);
    await scene.clock.advance(24 * HOUR);
    expect(scene.sent).toHaveLength(11);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'break_even_reached' });
    expect(scene.record.readState()?.power).toMatchObject({ kind: 'off', reason: 'break_even_reached' });
    const again = scene.sent.length;
    scene.keep();
    await scene.clock.advance(HOUR);
    expect(scene.sent).toHaveLength(again);
  });

  test('goes on for as long as the caller comes back in between', async () => {
    const scene = keeping(24 * HOUR);
    for (let hour = 0; hour < 6; hour += 1) {
      await scene.clock.advance(32 * MINUTE);
      scene.use();
    }
    expect(scene.end).toBeUndefined();
    expect(scene.sent).toHaveLength(6 * 8);
    expect(scene.beats.every(({ verdict }) => verdict === 'full')).toBe(true);
  });

  test('sends a little earlier by chance, never later', async () => {
    for (const [random, due] of [
      [0, 240],
      [0.5, 228],
      [0.999, 216],
    ] as const) {
      const scene = new Scene();
      const start = scene.clock.wall();
      scene.switchOn();
      scene.keep({ random: () => random });
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sentAfter(start)[0]).toBe(due);
    }
  });

  test('sleeps while there is nothing to do: a look a minute at most', async () => {
    const scene = keeping(8 * 24 * HOUR, { ttl: { ms: 24 * HOUR, source: 'flag' }, intervalMs: 23 * HOUR });
    await scene.clock.advance(10 * HOUR);
    expect(scene.sent).toEqual([]);
    expect(scene.clock.sleeps).toBeLessThanOrEqual(601);
  });

  test('ends when its time is over, no more than a second late, also in the midst of an interval or a request', async () => {
    const never = new AbortController().signal;
    for (const [answersAfter, heeds, jump] of [
      [0, true, 0],
      [10 * MINUTE, true, 0],
      [10 * MINUTE, false, 0],
      [0, true, -HOUR],
    ] as const) {
      const scene = keeping(250 * SECOND);
      scene.script = async (sent, provider) => {
        const answer = provider.request();
        await scene.clock.sleep(answersAfter, heeds ? sent.signal : never);
        return { kind: 'answered', ...answer };
      };
      await scene.clock.advance(200 * SECOND);
      scene.clock.suspend(jump);
      await scene.clock.advance(49 * SECOND);
      expect(scene.end).toBeUndefined();
      await scene.clock.advance(2 * SECOND);
      expect(scene.end).toEqual({ kind: 'stopped', reason: 'duration_elapsed' });
      expect(scene.sent).toHaveLength(1);
    }
  });

  test('sends nothing so shortly before its time is over that no driver could end in time', async () => {
    const scene = keeping(241 * SECOND);
    await scene.clock.advance(5 * MINUTE);
    expect([scene.end, scene.sent]).toEqual([{ kind: 'stopped', reason: 'duration_elapsed' }, []]);
  });

  test('ends with its session, and says so', async () => {
    const scene = new Scene();
    scene.switchOn();
    const keeper = scene.keep();
    await scene.clock.advance(10 * SECOND);
    scene.session = 'over';
    keeper.nudge();
    await settle();
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'session_ended' });
    expect(scene.record.readState()?.power).toMatchObject({ kind: 'off', reason: 'session_ended' });
    expect(scene.events.at(-1)).toMatchObject({ event: 'warm_stopped', reason: 'session_ended', generation: 1 });
  });

  test('sends nothing for a session that cannot be seen, unless it was told for how long', async () => {
    for (const [durationGiven, sent] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const scene = keeping(HOUR, { durationGiven });
      scene.session = 'unknown';
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sent).toHaveLength(sent);
    }
  });

  test.each([
    ['was never switched on', () => {}],
    [
      'is off',
      (scene: Scene) => {
        scene.switchOn();
        scene.record.change(off(scene.clock.wall(), 'not_enabled'));
      },
    ],
  ])('of what %s ends at once', async (_, prepare) => {
    const scene = new Scene();
    prepare(scene);
    scene.keep();
    await scene.clock.advance(HOUR);
    expect([scene.end, scene.sent]).toEqual([{ kind: 'stopped', reason: 'not_enabled' }, []]);
  });

  test('does nothing under the kill switch', async () => {
    const scene = new Scene();
    scene.switchOn();
    scene.keep({ killSwitch: true });
    await scene.clock.advance(HOUR);
    expect([scene.end, scene.sent]).toEqual([{ kind: 'stopped', reason: 'kill_switch' }, []]);
  });

  test('whose time is given anew just as it is over goes on under the new one', async () => {
    const scene = new Scene();
    scene.switchOn(100 * SECOND);
    const record = keepOnDisk(scene.record);
    const conclude: typeof record.conclude = (...decided) => {
      // Somebody switches on between the look that found the time to be over and the writing of it.
      if (decided[0] === 1) scene.switchOn(HOUR);
      return record.conclude(...decided);
    };
    scene.keep({ record: { ...record, conclude } });
    await scene.clock.advance(300 * SECOND);
    expect(scene.record.readState()?.power.kind).toBe('on');
    expect([scene.end, scene.sent.length]).toEqual([undefined, 1]);
  });
});

describe('the caller’s own request', () => {
  test('keeps it from sending, and moves the next beat', async () => {
    const scene = keeping();
    const start = scene.clock.wall();
    await scene.clock.advance(200 * SECOND);
    scene.record.change(cancel(scene.clock.wall()));
    await scene.clock.advance(100 * SECOND);
    expect(scene.sent).toEqual([]);
    expect(scene.skipped().at(-1)).toBe('session_active');
    scene.record.change(arm());
    await scene.clock.advance(139 * SECOND);
    expect(scene.sent).toEqual([]);
    await scene.clock.advance(2 * SECOND);
    // Its transcript told nothing of it, a hook did.
    expect(scene.sentAfter(start)[0]).toBeGreaterThanOrEqual(440);
  });

  test.each([
    ['the caller becomes active', (scene: Scene) => scene.record.change(cancel(scene.clock.wall()))],
    ['warming is switched off', (scene: Scene) => scene.record.change(off(scene.clock.wall(), 'not_enabled'))],
    ['its settings change', (scene: Scene) => scene.switchOn(HOUR, { maxWarms: 7 })],
    ['the heartbeat is to end', (scene: Scene) => scene.abort()],
    [
      'the session ends',
      (scene: Scene) => {
        scene.session = 'over';
      },
    ],
  ])('in flight: when %s the request is called off, and what it says is stale', async (_, happen) => {
    const scene = keeping();
    let calledOff = 0;
    scene.script = async ({ signal }, provider) => {
      const answer = provider.request();
      await scene.clock.sleep(100 * SECOND, signal);
      if (signal.aborted) calledOff = scene.clock.wall();
      // The answer was on its way already.
      return { kind: 'answered', ...answer };
    };
    await scene.clock.advance(250 * SECOND);
    expect(scene.sent).toHaveLength(1);
    const happened = scene.clock.wall();
    happen(scene);
    await scene.clock.advance(SECOND);
    expect(calledOff - happened).toBeLessThanOrEqual(500);
    expect(scene.beats).toMatchObject([{ verdict: 'full', stale: true }]);
    expect(scene.events.find(({ event }) => event === 'warm_failed')).toMatchObject({ reason: 'superseded' });
    const isOff = scene.record.readState()?.power.kind === 'off';
    expect(scene.events.filter(({ event }) => event === 'warm_stopped')).toHaveLength(isOff ? 1 : 0);
    // It proves nothing: the next one is not counted from it.
    const state = scene.record.readState();
    expect(state && weigh(state, scene.record.readLedger()).books.lastFullAt).toBeUndefined();
  });

  test('is put into the books once, with what it read', async () => {
    const scene = keeping();
    await scene.clock.advance(10 * MINUTE);
    scene.use();
    await scene.clock.advance(10 * MINUTE);
    const uses = scene.record.readLedger().filter((entry) => entry.kind === 'use');
    expect(uses.map(({ id }) => id)).toEqual(['turn-1', 'turn-2']);
    expect(uses[1]?.usage).toMatchObject({ read: 100_000, write: 0 });
  });

  test('that only a hook told of counts as one too', async () => {
    const scene = new Scene();
    scene.turn = undefined;
    scene.switchOn();
    scene.keep();
    await scene.clock.advance(10 * SECOND);
    const at = scene.clock.wall();
    scene.record.change(cancel(at));
    scene.record.change(arm());
    await scene.clock.advance(MINUTE);
    const uses = scene.record.readLedger().filter((entry) => entry.kind === 'use');
    expect(uses).toMatchObject([{ id: `anchor-${at}`, at, usage: { read: null } }]);
  });

  test('on a shorter tier shortens the interval at once', async () => {
    const scene = new Scene(HOUR);
    scene.use({ tier: '1h' });
    scene.switchOn(24 * HOUR, { ttl: { ms: HOUR, source: 'transcript' } });
    scene.keep();
    await scene.clock.advance(56 * MINUTE);
    expect(scene.sent).toHaveLength(1);
    scene.use({ tier: '5m' });
    await scene.clock.advance(5 * MINUTE);
    expect(scene.sent).toHaveLength(2);
    expect(scene.sent[1]?.context.ttlMs).toBe(300 * SECOND);
  });
});

describe('a prefix that is not there', () => {
  test('is left alone after the machine slept through its end', async () => {
    const scene = keeping();
    await scene.clock.advance(200 * SECOND);
    scene.clock.suspend(HOUR);
    await scene.clock.advance(10 * MINUTE);
    expect(scene.sent).toEqual([]);
    expect(scene.skipped()).toContain('deadline_missed');
    scene.use();
    await scene.clock.advance(5 * MINUTE);
    expect(scene.sent).toHaveLength(1);
  });

  test('looks no younger when the clock is set back', async () => {
    const scene = keeping();
    await scene.clock.advance(100 * SECOND);
    scene.clock.suspend(-HOUR);
    await scene.clock.advance(141 * SECOND);
    expect(scene.sent).toHaveLength(1);
  });

  test('is not revived by a heartbeat that finds it cold', async () => {
    const scene = new Scene();
    await scene.clock.advance(HOUR);
    scene.switchOn();
    scene.keep();
    await scene.clock.advance(HOUR);
    expect(scene.sent).toEqual([]);
    expect(scene.skipped()).toEqual(['predicted_cold']);
  });

  test('is revived once where that was asked for, and then kept', async () => {
    const scene = new Scene();
    await scene.clock.advance(HOUR);
    const start = scene.clock.wall();
    scene.switchOn(24 * HOUR, { revive: true });
    scene.keep();
    await scene.clock.advance(9 * MINUTE);
    expect(scene.sentAfter(start)).toEqual([0, 240, 480]);
    expect(scene.beats[0]).toMatchObject({ verdict: 'full', usage: { read: 0, write: 100_000 } });
    scene.clock.suspend(HOUR);
    await scene.clock.advance(HOUR);
    expect(scene.sent).toHaveLength(3);
  });

  test.each(['called off', 'never answered'] as const)(
    'is paid for as written where its revival was %s, and no budget is overrun by it',
    async (how) => {
      const scene = new Scene();
      await scene.clock.advance(HOUR);
      // Of 100,000 tokens: a write is 375,000,000 and a read 30,000,000.
      const priced = { model: 'claude-sonnet-4-5', prices: { inputPrice: 3_000 }, budget: 400_000_000 };
      scene.switchOn(24 * HOUR, { revive: true, ...priced });
      scene.script = async ({ signal }) => {
        if (how === 'never answered') return new Promise(() => {});
        await scene.clock.sleep(10 * SECOND, signal);
        return { kind: 'failed', error: 'no', reason: 'aborted', retryable: true, startedAt: scene.clock.wall() };
      };
      scene.keep();
      await scene.clock.advance(SECOND);
      const announced = scene.record.readLedger().filter(({ kind }) => kind === 'sending');
      expect(announced).toMatchObject([{ revival: true }]);
      if (how === 'called off') scene.record.change(cancel(scene.clock.wall()));
      await scene.clock.advance(4 * MINUTE);
      expect(scene.beats).toMatchObject([{ verdict: 'error', revival: true, cost: null }]);
      scene.script = asProvider;
      scene.use();
      scene.record.change(arm());
      await scene.clock.advance(10 * MINUTE);
      expect(scene.sent).toHaveLength(1);
      expect(scene.end).toEqual({ kind: 'stopped', reason: 'budget_exhausted' });
    },
  );

  test('is revived, too, where it goes cold in these very seconds', async () => {
    const scene = new Scene();
    await scene.clock.advance(295 * SECOND);
    scene.provider.evict();
    scene.switchOn(24 * HOUR, { revive: true });
    scene.keep();
    await scene.clock.advance(MINUTE);
    expect(scene.beats.map(({ verdict }) => verdict)).toEqual(['full']);
    expect(scene.end).toBeUndefined();
  });

  test('ends warming at once when a warm had to write it', async () => {
    const scene = keeping();
    scene.provider.evict();
    await scene.clock.advance(24 * HOUR);
    expect(scene.sent).toHaveLength(1);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'cache_mismatch' });
  });

  test('is not read again and again after two misses, until the caller itself has used it', async () => {
    // Often enough for a third and a fourth one before the prefix is cold.
    const scene = keeping(undefined, { intervalMs: MINUTE });
    scene.script = ({ at }) => ({
      kind: 'answered',
      startedAt: at,
      usage: { input: 90_000, read: 10_000, write: 0, writeHour: 0, output: 1 },
    });
    // A cool-down as long as the prefix lives would warm a cold prefix all day.
    await scene.clock.advance(4 * HOUR);
    expect(scene.sent).toHaveLength(2);
    expect(scene.skipped()).toContain('cache_mismatch');
    scene.use();
    await scene.clock.advance(4 * HOUR);
    expect(scene.sent).toHaveLength(4);
  });
});

describe.each<[string, (scene: Scene) => string]>([
  ['the state root', (scene) => dirname(scene.store.directory)],
  ['all that is kept about warming', (scene) => scene.store.directory],
  ['all that is kept of the conversation', (scene) => dirname(scene.record.directory)],
])('removed while a request is in flight, %s', (_, pathIn) => {
  test.each([
    ['is called off', 100 * SECOND],
    ['is answered', 10],
  ])('does not come back when it %s', async (_, tookMs) => {
    const scene = keeping();
    scene.script = async ({ signal }, provider) => {
      await scene.clock.sleep(tookMs, signal);
      return { kind: 'answered', ...provider.request() };
    };
    await scene.clock.advance(240 * SECOND);
    expect(scene.sent).toHaveLength(1);
    rmSync(pathIn(scene), { recursive: true });
    await scene.clock.advance(MINUTE);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'not_enabled' });
    expect(existsSync(pathIn(scene))).toBe(false);
  });
});

describe('a driver that fails', () => {
  test('by throwing is caught, counted, left alone for a while, and asked again', async () => {
    const scene = keeping();
    const start = scene.clock.wall();
    scene.script = (_, provider) => {
      if (scene.sent.length < 3) throw new Error('a bug of the driver');
      return { kind: 'answered', ...provider.request() };
    };
    await scene.clock.advance(9 * MINUTE);
    expect(scene.sentAfter(start)).toEqual([240, 250, 270, 510]);
    expect(scene.beats.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'full', 'full']);
    expect(scene.events.filter(({ event }) => event === 'warm_failed')).toMatchObject([
      { reason: 'probe_failed' },
      { reason: 'probe_failed' },
    ]);
  });

  test('for being limited is not asked again within the prefix’s life, nor before it is wanted', async () => {
    for (const retryAfterMs of [undefined, 1 * SECOND, 20 * MINUTE]) {
      const scene = keeping();
      scene.script = ({ at }) => ({
        kind: 'failed',
        error: '429',
        reason: 'backoff',
        retryable: true,
        startedAt: at,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
      await scene.clock.advance(4 * HOUR);
      expect(scene.sent).toHaveLength(1);
      expect(scene.end).toBeUndefined();
      scene.script = (_, provider) => ({ kind: 'answered', ...provider.request() });
      scene.use();
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sent).toHaveLength(2);
    }
  });

  test('for being limited is left alone for as long as was asked, also when its caller comes back before that', async () => {
    const scene = keeping();
    scene.script = ({ at }) => ({
      ...{ kind: 'failed', error: '429', reason: 'backoff', retryable: true },
      startedAt: at,
      retryAfterMs: 20 * MINUTE,
    });
    await scene.clock.advance(5 * MINUTE);
    scene.script = asProvider;
    const [limited = 0] = scene.sentAfter(0);
    for (let minutes = 0; minutes < 40; minutes += 2) {
      scene.use();
      await scene.clock.advance(4.5 * MINUTE);
      if (scene.sent.length > 1) break;
    }
    expect(scene.sentAfter(0)[1]).toBeGreaterThanOrEqual(limited + 20 * 60);
  });

  test('does not make the prefix look younger, when the clock was set back before it', async () => {
    const scene = keeping();
    const sent: number[] = [];
    scene.script = ({ at }) => {
      sent.push(scene.clock.monotonic());
      return { kind: 'failed', error: 'no', reason: 'probe_failed', retryable: true, startedAt: at };
    };
    await scene.clock.advance(200 * SECOND);
    scene.clock.suspend(-100 * SECOND);
    await scene.clock.advance(10 * MINUTE);
    expect(sent.length).toBeGreaterThan(1);
    expect(Math.max(...sent)).toBeLessThan(290 * SECOND);
  });

  test.each([
    ['driver_unavailable', 'driver_unavailable'],
    ['not_replayable', 'not_replayable'],
    ['probe_failed', 'driver_unavailable'],
  ] as const)('for good, with %s, ends warming with %s', async (reason, expected) => {
    const scene = keeping();
    scene.script = () => ({ kind: 'failed', error: '401', reason, retryable: false });
    await scene.clock.advance(HOUR);
    expect(scene.sent).toHaveLength(1);
    expect(scene.end).toEqual({ kind: 'stopped', reason: expected });
    expect(scene.record.readState()?.power).toMatchObject({ kind: 'off', reason: expected });
  });

  test('because its capture is too old waits for the caller’s next request', async () => {
    const scene = keeping();
    scene.script = () => ({ kind: 'failed', error: 'too old', reason: 'predicted_cold', retryable: false });
    await scene.clock.advance(HOUR);
    expect(scene.sent).toHaveLength(1);
    scene.use();
    await scene.clock.advance(5 * MINUTE);
    expect(scene.sent).toHaveLength(2);
  });

  test('by never answering is called off in time, and left behind where it does not heed that', async () => {
    for (const heeds of [true, false]) {
      const scene = keeping();
      scene.script = ({ signal }) =>
        new Promise((resolve) => {
          const aborted = {
            kind: 'failed',
            error: 'aborted',
            reason: 'aborted',
            retryable: true,
            startedAt: 1,
          } as const;
          if (heeds) signal.addEventListener('abort', () => resolve(aborted));
        });
      await scene.clock.advance(240 * SECOND + 130 * SECOND);
      expect(scene.sent.length).toBe(1);
      expect(scene.beats).toMatchObject([{ verdict: 'error', reason: 'probe_failed', cost: null }]);
      expect(scene.beats[0]?.stale).toBeUndefined();
    }
  });

  test('to say what it read proves nothing, and is not asked again before the interval is over', async () => {
    const scene = keeping();
    scene.script = ({ at }) => ({ kind: 'answered', usage: null, startedAt: at });
    await scene.clock.advance(HOUR);
    expect(scene.beats.map(({ verdict }) => verdict)).toEqual(['no_usage']);
  });
});

describe('a state that cannot be read now', () => {
  test.each([
    ['between requests', 100 * SECOND, ['full']],
    ['while a request is under way', 245 * SECOND, ['full', 'full']],
  ])('%s ends nothing', async (_, from, verdicts) => {
    const scene = new Scene();
    scene.switchOn();
    const record = keepOnDisk(scene.record);
    let isTroubled = false;
    const readState: typeof record.readState = () => {
      if (isTroubled) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return record.readState();
    };
    scene.script = async ({ signal }, provider) => {
      const answer = provider.request();
      await scene.clock.sleep(20 * SECOND, signal);
      return { kind: 'answered', ...answer };
    };
    scene.keep({ record: { ...record, readState } });
    await scene.clock.advance(from);
    isTroubled = true;
    await scene.clock.advance(10 * SECOND);
    isTroubled = false;
    await scene.clock.advance(510 * SECOND - scene.clock.monotonic());
    expect(scene.end).toBeUndefined();
    expect(scene.beats.map(({ verdict }) => verdict).slice(0, verdicts.length)).toEqual(verdicts);
    expect(scene.beats.every(({ stale }) => !stale)).toBe(true);
  });

  test('when the answer comes proves nothing', async () => {
    const scene = new Scene();
    scene.switchOn();
    const record = keepOnDisk(scene.record);
    let isTroubled = false;
    const readState: typeof record.readState = () => {
      if (isTroubled) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return record.readState();
    };
    scene.script = (_, provider) => {
      isTroubled = true;
      return { kind: 'answered', ...provider.request() };
    };
    scene.keep({ record: { ...record, readState } });
    await scene.clock.advance(5 * MINUTE);
    expect(scene.beats).toMatchObject([{ verdict: 'full', stale: true }]);
    expect(scene.end).toBeUndefined();
  });
});

describe('requests that would be one too many', () => {
  test('are not sent while another conversation asks with the same credential', async () => {
    const scene = keeping();
    const hold = await scene.store.flight('one').take('wait', Number.MAX_SAFE_INTEGER);
    await scene.clock.advance(270 * SECOND);
    expect(scene.sent).toEqual([]);
    expect(scene.skipped().at(-1)).toBe('refresh_in_progress');
    if ('release' in hold) hold.release();
    await scene.clock.advance(3 * SECOND);
    expect(scene.sent).toHaveLength(1);
  });

  test('of two keepers with one credential are never sent at the same time', async () => {
    const scene = keeping();
    let underway = 0;
    let most = 0;
    scene.script = async ({ signal }, provider) => {
      underway += 1;
      most = Math.max(most, underway);
      const answer = provider.request();
      await scene.clock.sleep(5 * SECOND, signal);
      underway -= 1;
      return { kind: 'answered', ...answer };
    };
    const other = switchOnBeside(scene, { ...KEY, caller: { agent: 'codex', id: 'other' } });
    scene.keep({ record: keepOnDisk(other) });
    await scene.clock.advance(20 * MINUTE);
    expect(most).toBe(1);
    expect(scene.sent.length).toBeGreaterThanOrEqual(8);
  });

  test('of two keepers that have looked at the same moment are sent by one alone', async () => {
    const scene = new Scene();
    scene.switchOn();
    const other = switchOnBeside(scene, { ...KEY, caller: { agent: 'codex', id: 'other' } });
    await scene.clock.advance(240 * SECOND);
    const never = new AbortController().signal;
    scene.script = async (_, provider) => {
      const answer = provider.request();
      await scene.clock.sleep(MINUTE, never);
      return { kind: 'answered', ...answer };
    };
    const looked = Promise.withResolvers<'alive'>();
    for (const record of [scene.record, other])
      scene.keep({ record: keepOnDisk(record), session: () => looked.promise });
    await scene.clock.advance(SECOND);
    looked.resolve('alive');
    await scene.clock.advance(10 * SECOND);
    expect(scene.sent).toHaveLength(1);
    expect(scene.skipped()).toContain('refresh_in_progress');
    scene.abort();
  });

  test('are not sent for one session of a caller that was limited for another one', async () => {
    const scene = new Scene();
    scene.switchOn();
    const other = switchOnBeside(scene, { ...KEY, session: '01M000000000000000000000CD' });
    scene.script = ({ at }) => ({
      ...{ kind: 'failed', error: '429', reason: 'backoff', retryable: true },
      startedAt: at,
    });
    for (const record of [scene.record, other]) {
      scene.keep({ record: keepOnDisk(record), others: () => scene.store.booksBeside(record.key) });
    }
    await scene.clock.advance(4 * HOUR);
    expect(scene.sent).toHaveLength(1);
  });

  describe('by two callers with one credential, of which one was limited,', () => {
    const OTHER: WarmKey = { ...KEY, caller: { agent: 'codex', id: 'other' } };

    function limitedBeside(retryAfterMs: number | undefined): Scene {
      const scene = new Scene();
      scene.switchOn();
      const other = switchOnBeside(scene, OTHER);
      scene.script = async ({ at }) => {
        await scene.clock.sleep(SECOND, new AbortController().signal);
        return {
          ...{ kind: 'failed', error: '429', reason: 'backoff', retryable: true },
          startedAt: at,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        };
      };
      // Each with what it alone knows: the other one's books are another caller's.
      for (const record of [scene.record, other]) scene.keep({ record: keepOnDisk(record) });
      return scene;
    }

    test('are not sent for the other one, who has looked at the same moment, either', async () => {
      const scene = limitedBeside(undefined);
      await scene.clock.advance(4 * HOUR);
      expect(scene.sent).toHaveLength(1);
      expect(scene.skipped()).toContain('backoff');
    });

    test('are not sent before the time that was asked for is over, by whoever starts meanwhile', async () => {
      const scene = limitedBeside(20 * MINUTE);
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sent).toHaveLength(1);
      scene.abort();
      const third = switchOnBeside(scene, { ...KEY, caller: { agent: 'other', id: 'third' } });
      const late = new AbortController();
      const keeper = scene.keep({ record: keepOnDisk(third) }, late.signal);
      scene.script = asProvider;
      for (let minutes = 5; minutes < 24; minutes += 1) {
        scene.use();
        await scene.clock.advance(MINUTE);
        keeper.nudge();
      }
      expect(scene.sent).toHaveLength(1);
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sent).toHaveLength(2);
      late.abort();
    });

    test('are sent for those with another credential', async () => {
      const scene = limitedBeside(20 * MINUTE);
      const third = switchOnBeside(scene, { ...KEY, caller: { agent: 'other', id: 'third' } });
      scene.keep({ record: keepOnDisk(third), flight: scene.store.flight('two') });
      await scene.clock.advance(5 * MINUTE);
      expect(scene.sent).toHaveLength(2);
    });
  });

  test('are not sent for two sessions of one caller, whose prefix is one', async () => {
    const scene = new Scene();
    scene.switchOn();
    const other = switchOnBeside(scene, { ...KEY, session: '01M000000000000000000000CD' });
    for (const record of [scene.record, other]) {
      scene.keep({
        record: keepOnDisk(record),
        flight: scene.store.flight(record.key.session),
        others: () => scene.store.booksBeside(record.key),
        // Never at the very same moment, as on any machine.
        session: async () => {
          await scene.clock.sleep(record === other ? 1 : 0, new AbortController().signal);
          return 'alive';
        },
      });
    }
    await scene.clock.advance(20 * MINUTE + 2 * SECOND);
    expect(scene.sent).toHaveLength(5);
    await scene.clock.advance(24 * HOUR);
    expect(scene.sent).toHaveLength(11);
  });
});

function switchOnBeside(scene: Scene, key: WarmKey): WarmRecord {
  const record = scene.store.record(key);
  const at = scene.clock.wall();
  record.change(on({ key, at, until: at + 24 * HOUR, settings: SETTINGS }));
  return record;
}
