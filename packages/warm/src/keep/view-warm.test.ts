import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { off, on } from '../store/transitions.ts';
import { HOUR, KEY, keeping, MINUTE, Scene, type Script, SECOND, SETTINGS } from './keeping.test.fixture.ts';
import { keepInMemory } from './kept-record.ts';
import { viewWarm } from './view-warm.ts';

const PRICED = { model: 'claude-sonnet-4-5', prices: { inputPrice: 3_000 } };

describe('what is shown of a conversation', () => {
  test('that was never switched on is nothing', async () => {
    const scene = new Scene();
    expect(await viewWarm(scene.record, scene.clock.wall())).toBeUndefined();
    scene.record.countPoll(1, 1);
    expect(await viewWarm(scene.record, scene.clock.wall())).toBeUndefined();
  });

  test('that is kept warm is what its books prove', async () => {
    const scene = new Scene();
    scene.switchOn(HOUR);
    const hold = await scene.record.claim.take('heartbeat', Number.MAX_SAFE_INTEGER);
    scene.keep();
    await scene.clock.advance(9 * MINUTE);
    expect(await viewWarm(scene.record, scene.clock.wall())).toMatchObject({
      key: KEY,
      power: { kind: 'on', leftMs: 51 * MINUTE },
      heartbeat: 'running',
      nextBeatMs: 3 * MINUTE,
      cache: { state: 'warm', evidence: 'read' },
      books: { warms: 2, full: 2, hitPercent: 99, money: null },
      driver: 'command',
      intervalMs: 240 * SECOND,
      ttl: { ms: 300 * SECOND, source: 'flag' },
      lastBeat: { verdict: 'full' },
    });
    if ('release' in hold) hold.release();
  });

  test('nobody beats for is on, with no beat to come', async () => {
    const scene = new Scene();
    scene.switchOn(HOUR);
    const view = await viewWarm(scene.record, scene.clock.wall() + SECOND);
    expect(view).toMatchObject({
      power: { kind: 'on' },
      heartbeat: 'none',
      cache: { state: 'unknown', evidence: 'none' },
    });
    expect(view).not.toHaveProperty('nextBeatMs');
  });

  test('whose time is over is off, also where nobody lived to write that down', async () => {
    const scene = new Scene();
    scene.switchOn(MINUTE);
    const at = scene.clock.wall() + MINUTE;
    expect((await viewWarm(scene.record, at + HOUR))?.power).toEqual({ kind: 'off', at, reason: 'duration_elapsed' });
  });

  test('that missed its prefix is cold, by that evidence', async () => {
    const scene = keeping();
    scene.provider.evict();
    await scene.clock.advance(5 * MINUTE);
    expect(await viewWarm(scene.record, scene.clock.wall())).toMatchObject({
      power: { kind: 'off', reason: 'cache_mismatch' },
      cache: { state: 'cold', evidence: 'missed' },
      lastBeat: { verdict: 'wrote' },
    });
  });

  async function nextBeatAfter(script: Script, waitedMs: number): Promise<number | undefined> {
    const scene = new Scene();
    scene.script = script;
    scene.switchOn(HOUR, { intervalMs: 10 * SECOND });
    await scene.record.claim.take('heartbeat', Number.MAX_SAFE_INTEGER);
    scene.keep();
    await scene.clock.advance(waitedMs);
    return (await viewWarm(scene.record, scene.clock.wall()))?.nextBeatMs;
  }

  test('whose prefix was missed twice has no beat to come', async () => {
    const usage = { input: 0, read: 10, write: 0, writeHour: 0, output: 0 };
    expect(await nextBeatAfter(({ at }) => ({ kind: 'answered', usage, startedAt: at }), MINUTE)).toBeUndefined();
  });

  const failing =
    (reason: 'backoff' | 'probe_failed', retryAfterMs?: number): Script =>
    ({ at }) => ({
      kind: 'failed',
      error: 'no',
      reason,
      retryable: true,
      startedAt: at,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  test('whose provider wants to be left alone has none before that is over', async () => {
    expect(await nextBeatAfter(failing('backoff'), MINUTE)).toBeUndefined();
    expect(await nextBeatAfter(failing('probe_failed', 30 * SECOND), 11 * SECOND)).toBeGreaterThan(25 * SECOND);
  });

  test('whose credential was limited for another caller has none before that is over', async () => {
    const scene = new Scene(HOUR);
    scene.switchOn(2 * HOUR, { ttl: { ms: HOUR, source: 'flag' } });
    await scene.record.claim.take('heartbeat', Number.MAX_SAFE_INTEGER);
    scene.record.append({ ...{ kind: 'use', id: 'u' }, at: scene.clock.wall(), usage: scene.provider.request().usage });
    const at = scene.clock.wall();
    const nextBeatBy = async (until: number): Promise<number | undefined> =>
      (await viewWarm(scene.record, at, { limit: { at: at - HOUR, until } }))?.nextBeatMs;
    expect(await nextBeatBy(0)).toBe(55 * MINUTE);
    expect(await nextBeatBy(at + 57 * MINUTE)).toBe(57 * MINUTE);
    expect(await nextBeatBy(at + 61 * MINUTE)).toBeUndefined();
  });

  test('shows what its caller has gained that came back after the session, and its keeper, had ended', async () => {
    const scene = keeping(HOUR, PRICED);
    const { turn: before } = scene;
    await scene.clock.advance(9 * MINUTE);
    scene.session = 'over';
    await scene.clock.advance(2 * MINUTE);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'session_ended' });
    scene.use();
    const turns = [before, scene.turn].filter((turn) => turn !== undefined);
    const view = await viewWarm(scene.record, scene.clock.wall(), { turns });
    // 100,000 tokens that were read at $0.30, and would have been written at $3.75, a million.
    expect(view?.books?.money?.avoided).toBe(345_000_000);
    expect(view?.books).toMatchObject({ warms: 2, full: 2 });
  });

  test('claims nothing for a return that another session has warmed for later', async () => {
    const scene = keeping(HOUR, PRICED);
    const { turn: before } = scene;
    await scene.clock.advance(5 * MINUTE);
    const beside = scene.store.record({ ...KEY, session: '01M000000000000000000000AC' });
    const at = scene.clock.wall();
    beside.change(on({ key: beside.key, at, until: at + HOUR, settings: { ...SETTINGS, ...PRICED } }));
    const [beat] = scene.beats;
    if (beat === undefined) throw new Error('nothing was sent');
    beside.append({ ...beat, id: 'beside', at: beat.at + MINUTE });
    scene.provider.request();
    await scene.clock.advance(2 * MINUTE);
    scene.use();
    const turns = [before, scene.turn].filter((turn) => turn !== undefined);
    const claimed = await Promise.all(
      [scene.record, beside].map(async (record) => {
        const others = scene.store.booksBeside(record.key);
        return (await viewWarm(record, scene.clock.wall(), { others, turns }))?.books?.money?.avoided;
      }),
    );
    expect(claimed).toEqual([0, 345_000_000]);
  });

  test('claims nothing for a return that came in time by itself', async () => {
    const scene = keeping(HOUR, PRICED);
    const { turn: before } = scene;
    await scene.clock.advance(290 * SECOND);
    scene.use();
    const { turn: inTime } = scene;
    await scene.clock.advance(20 * SECOND);
    scene.use();
    const turns = [before, inTime, scene.turn].filter((turn) => turn !== undefined);
    expect((await viewWarm(scene.record, scene.clock.wall(), { turns }))?.books?.money?.avoided).toBe(0);
  });

  test('is warm, too, by what was sent for another session of its caller', async () => {
    const scene = keeping();
    await scene.clock.advance(9 * MINUTE);
    const beside = scene.store.record({ ...KEY, session: '01M000000000000000000000AC' });
    const at = scene.clock.wall() - 9 * MINUTE;
    beside.change(on({ key: beside.key, at, until: at + HOUR, settings: SETTINGS }));
    const view = await viewWarm(beside, scene.clock.wall(), { others: scene.store.booksBeside(beside.key) });
    expect(view).toMatchObject({ cache: { state: 'warm', evidence: 'read' }, books: { warms: 0 } });
  });

  test('whose last request lies ahead is not known', async () => {
    const scene = new Scene();
    const at = scene.clock.wall();
    scene.record.change(on({ key: KEY, at, until: at + HOUR, settings: SETTINGS, anchor: at + HOUR }));
    expect((await viewWarm(scene.record, at))?.cache).toEqual({ state: 'unknown', evidence: 'none' });
  });

  test('whose state is garbage is nothing', async () => {
    const scene = new Scene();
    scene.switchOn();
    writeFileSync(`${scene.record.directory}/state.9.json`, '{');
    expect(await viewWarm(scene.record, scene.clock.wall())).toBeUndefined();
  });
});

describe('a record for one wait alone', () => {
  function waiting(): Scene {
    const scene = new Scene();
    const at = scene.clock.wall();
    const request = { key: KEY, at, until: at + 24 * HOUR, settings: SETTINGS };
    scene.keep({ role: 'wait', record: keepInMemory(scene.record, request) });
    return scene;
  }

  test('keeps the cache, with the conversation’s own books, and leaves no state that anybody could take up', async () => {
    const scene = waiting();
    await scene.clock.advance(10 * MINUTE);
    expect(scene.sent).toHaveLength(2);
    expect(scene.beats).toMatchObject([{ verdict: 'full' }, { verdict: 'full' }]);
    expect(scene.record.readState()).toBeUndefined();
    await scene.clock.advance(2 * HOUR);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'break_even_reached' });
    expect(scene.record.readState()).toBeUndefined();
  });

  test('ends when the conversation is switched off', async () => {
    const scene = waiting();
    await scene.clock.advance(5 * MINUTE);
    const at = scene.clock.wall();
    scene.record.change(on({ key: KEY, at, until: at + HOUR, settings: SETTINGS }));
    scene.record.change(off(at, 'not_enabled'));
    await scene.clock.advance(2 * MINUTE);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'not_enabled' });
  });
});
