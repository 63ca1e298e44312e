import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { tellingTo, tellOnce, type WarmEvent } from './telemetry.ts';

const EVENT: WarmEvent = {
  event: 'warm_success',
  at: Date.parse('2026-03-01T12:00:00Z'),
  session: 's',
  caller: 'c',
  trigger: 'heartbeat',
  driver: 'command',
  generation: 4,
  durationMs: 250,
  usage: { input: 1, read: 2, write: 0, writeHour: 0, output: 1 },
};

function skipped(reason: WarmEvent['reason'] = 'not_due'): WarmEvent {
  return { ...EVENT, event: 'warm_skipped', reason: reason ?? 'not_due' };
}

describe('what is told to programs', () => {
  test('is one line of JSON for each event', () => {
    const directory = temporaryDirectory();
    const tell = tellingTo(directory);
    tell(EVENT);
    tell(skipped());
    const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { durationMs, ...rest } = EVENT;
    const usage = { input: 1, read: 2, write: 0, write_hour: 0, output: 1 };
    expect(lines[0]).toEqual({
      schema: 'csa.warm-event/1',
      ...rest,
      at: '2026-03-01T12:00:00.000Z',
      duration_ms: durationMs,
      usage,
    });
    expect(lines[1]).toMatchObject({ event: 'warm_skipped', reason: 'not_due' });
  });

  test('says of a request that told nothing that it told nothing', () => {
    const directory = temporaryDirectory();
    tellingTo(directory)({ ...EVENT, usage: null });
    expect(JSON.parse(readFileSync(join(directory, 'events.jsonl'), 'utf8'))).toMatchObject({ usage: null });
  });
});

test('a reason for sending nothing is told once, and then how often it came again', () => {
  const told: WarmEvent[] = [];
  const tell = tellOnce((event) => told.push(event));
  const [limited, cold] = [skipped('backoff'), skipped('predicted_cold')];
  for (const event of [limited, limited, limited, EVENT, EVENT, cold, limited]) tell(event);
  expect(told.map(({ event, reason, repeated }) => [event, reason, repeated])).toEqual([
    ['warm_skipped', 'backoff', undefined],
    ['warm_success', undefined, 2],
    ['warm_success', undefined, undefined],
    ['warm_skipped', 'predicted_cold', undefined],
    ['warm_skipped', 'backoff', undefined],
  ]);
});

test('that nothing is due is counted, and never told by itself', () => {
  const told: WarmEvent[] = [];
  const tell = tellOnce((event) => told.push(event));
  for (const event of [
    skipped(),
    skipped(),
    EVENT,
    skipped(),
    skipped('backoff'),
    skipped(),
    skipped('backoff'),
    EVENT,
  ])
    tell(event);
  expect(told.map(({ event, reason, repeated }) => [event, reason, repeated])).toEqual([
    ['warm_success', undefined, 2],
    ['warm_skipped', 'backoff', 1],
    ['warm_success', undefined, 2],
  ]);
});
