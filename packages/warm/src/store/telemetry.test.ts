import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
    const directory = temporaryDirectory();
    const { tell } = new TelemetryFile(directory);
    tell(EVENT);
    tell(skipped());
    const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { durationMs, ...rest } = EVENT;
    const usage = { input: 1, read: 2, write: 0, write_hour: 0, output: 1 };
    expect(lines[0]).toEqual({ ...rest, at: '2026-03-01T12:00:00.000Z', duration_ms: durationMs, usage });
    expect(lines[1]).toMatchObject({ event: 'warm_skipped', reason: 'not_due' });
  });

  test('says of a request that told nothing that it told nothing', () => {
    const directory = temporaryDirectory();
    new TelemetryFile(directory).tell({ ...EVENT, usage: null });
    expect(JSON.parse(readFileSync(join(directory, 'events.jsonl'), 'utf8'))).toMatchObject({ usage: null });
  });

  test('begins a line of its own behind one that a full disk has cut', () => {
    const directory = temporaryDirectory();
    const { tell } = new TelemetryFile(directory);
    tell(EVENT);
    const path = join(directory, 'events.jsonl');
    const cut = '{"event":"warm_succ';
    appendFileSync(path, cut);
    tell(skipped());
    tell(skipped('backoff'));
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines[1]).toBe(cut);
    const reasons = [lines[0], ...lines.slice(2)].map((line) => JSON.parse(line ?? '').reason);
    expect(reasons).toEqual([undefined, 'not_due', 'backoff']);
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

  test('makes no directory: one that is gone was removed', () => {
    const directory = join(temporaryDirectory(), 'gone');
    new TelemetryFile(directory).tell(EVENT);
    expect(existsSync(directory)).toBe(false);
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
