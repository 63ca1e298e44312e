import { lutimesSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type BriefPlaces, briefPlaces, isDue } from './due.ts';

const NOW = Date.parse('2026-08-20T09:15:00Z');
const INTERVAL = { minIntervalMs: 60_000, now: NOW };

/** Both files of a brief that was looked after so many milliseconds ago. */
function lookedAfter(agoMs: number): BriefPlaces {
  const places = briefPlaces(temporaryDirectory(), '/home/dev/api');
  mkdirSync(places.folder, { recursive: true });
  for (const path of [places.payload, places.sidecar]) writeFileSync(path, '');
  const at = new Date(NOW - agoMs);
  utimesSync(places.sidecar, at, at);
  return places;
}

describe('a refresh that only time asks for', () => {
  it.each([
    ['right after one', 0, false],
    ['just before the interval is over', 59_999, false],
    ['when it is over', 60_000, true],
    ['much later', 1e9, true],
    ['of a clock that was set back a little', -59_999, false],
    ['of a clock that was far ahead', -60_000, true],
  ])('%s: %i ms', (_, agoMs, due) => {
    expect(isDue(lookedAfter(agoMs), INTERVAL)).toBe(due);
  });

  it('is due at once where there is no minimum', () => {
    expect(isDue(lookedAfter(0), { ...INTERVAL, minIntervalMs: 0 })).toBe(true);
  });

  it.each(['payload', 'sidecar'] as const)('is due where the %s is gone', (half) => {
    const places = lookedAfter(0);
    rmSync(places[half]);
    expect(isDue(places, INTERVAL)).toBe(true);
  });

  it('follows no link, which may lead into a file system that hangs', () => {
    const places = lookedAfter(0);
    for (const path of [places.payload, places.sidecar]) {
      rmSync(path);
      symlinkSync('/nowhere', path);
    }
    const at = new Date(NOW);
    lutimesSync(places.sidecar, at, at);
    expect([isDue(places, INTERVAL), isDue(places, { ...INTERVAL, now: NOW + 60_000 })]).toEqual([false, true]);
  });

  it('is due where nothing can be found out', () => {
    const places = lookedAfter(0);
    rmSync(places.sidecar);
    symlinkSync(places.sidecar, places.sidecar);
    expect(isDue(places, INTERVAL)).toBe(true);
    rmSync(dirname(places.folder), { recursive: true });
    expect(isDue(places, INTERVAL)).toBe(true);
  });
});
