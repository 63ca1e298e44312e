import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { TelemetryFile, tellOnce, type WarmEvent } from './telemetry.ts';

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
    const directory = join(temporaryDirectory(), 'below');
    const { tell } = new TelemetryFile(directory);
    tell(EVENT);
    tell(skipped());
    const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { durationMs, ...rest } = EVENT;
    expect(lines[0]).toEqual({ ...rest, at: '2026-03-01T12:00:00.000Z', duration_ms: durationMs });
    expect(lines[1]).toMatchObject({ event: 'warm_skipped', reason: 'not_due' });
  });

  test('takes two bounded files at most', () => {
    const directory = temporaryDirectory();
    const { tell } = new TelemetryFile(directory);
    for (let i = 0; i < 12_000; i += 1) tell({ ...EVENT, generation: i });
    expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).size).toBeLessThan(1.1 * 1024 * 1024);
    const last = readFileSync(join(directory, 'events.jsonl'), 'utf8').trimEnd().split('\n').at(-1);
    expect(JSON.parse(last ?? '')).toMatchObject({ generation: 11_999 });
  });

  test.each<[string, (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a link', (path) => symlinkSync('/dev/full', path)],
  ])('is not told where the file is %s, and breaks nothing', (_, plant) => {
    const directory = temporaryDirectory();
    plant(join(directory, 'events.jsonl'));
    expect(() => new TelemetryFile(directory).tell(EVENT)).not.toThrow();
  });

  test('is not told where nothing can be written, and breaks nothing', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(() => new TelemetryFile(path).tell(EVENT)).not.toThrow();
  });
});

test('a reason for sending nothing is told once, and then how often it came again', () => {
  const told: WarmEvent[] = [];
  const tell = tellOnce((event) => told.push(event));
  for (const event of [skipped(), skipped(), skipped(), EVENT, EVENT, skipped('backoff'), skipped()]) tell(event);
  expect(told.map(({ event, reason, repeated }) => [event, reason, repeated])).toEqual([
    ['warm_skipped', 'not_due', undefined],
    ['warm_success', undefined, 2],
    ['warm_success', undefined, undefined],
    ['warm_skipped', 'backoff', undefined],
    ['warm_skipped', 'not_due', undefined],
  ]);
});
