import { Refusal } from '@csa/session';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A bare number is seconds; above this it was surely meant as milliseconds. */
const MAX_BARE = 9_999;
const COMPOUND = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?$/;

export interface DurationRange {
  /** How the user named it: `--cap`, `CSA_WAIT_CAP`. */
  readonly name: string;
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Reads `90`, `1500ms`, `90s`, `5m`, `1h30m`, `2d`; gives milliseconds. Never clamps.
 * @throws Refusal reason=bad-duration | out-of-range
 */
export function parseDuration(text: string, range: DurationRange): number {
  const ms = milliseconds(text, range);
  if (ms >= range.minMs && ms <= range.maxMs) return ms;
  throw new Refusal({
    reason: 'out-of-range',
    what: `${range.name} is out of range`,
    expected: `${shortest(range.minMs)} to ${shortest(range.maxMs)}`,
    got: JSON.stringify(text),
    next: 'Give a duration within the range',
  });
}

function milliseconds(text: string, range: DurationRange): number {
  if (/^\d{1,15}$/.test(text)) {
    const number = Number(text);
    if (number > MAX_BARE) throw bad(text, range, `A bare number is seconds: did you mean ${number}ms?`);
    return number * 1_000;
  }
  const parts = text === '' ? null : COMPOUND.exec(text);
  if (parts === null) throw bad(text, range, 'Write it as one of the examples');
  return ['d', 'h', 'm', 's', 'ms'].reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * (UNITS[unit] ?? 0), 0);
}

function bad(text: string, { name }: DurationRange, next: string): Refusal {
  return new Refusal({
    reason: 'bad-duration',
    what: `${name} is no duration`,
    expected: 'seconds or a form like 1500ms, 90s, 5m, 1h30m, 2d',
    got: JSON.stringify(text.slice(0, 40)),
    next,
  });
}

/** The shortest form that {@link parseDuration} reads back as the same time. */
export function formatDuration(ms: number): string {
  const whole = Math.round(ms);
  return whole % 1_000 === 0 ? `${whole / 1_000}s` : `${whole}ms`;
}

/** In the largest unit that divides it: `7d`, `90s`. */
function shortest(ms: number): string {
  const unit = Object.keys(UNITS).findLast((name) => ms > 0 && ms % (UNITS[name] ?? 1) === 0);
  return unit === undefined ? String(ms) : `${ms / (UNITS[unit] ?? 1)}${unit}`;
}

/** The same without what is none of it: `30m` and not `30m 0s`. */
export function describeSpan(ms: number): string {
  return describeDuration(ms).replace(/ 0[smh]$/, '');
}

/** For people: `45s`, `3m 20s`, `2h 5m`, `3d 4h`. */
export function describeDuration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  if (d > 0) return `${d}d ${h}h`;
  if (h > 0) return `${h}h ${m}m`;
  return m > 0 ? `${m}m ${s}s` : `${s}s`;
}
