import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { detectCaller } from './caller.ts';
import { type CapSource, type CapWishes, chooseCap, MAX_CAP_MS } from './cap.ts';

/** All that can say something of the cap, strongest first, with what it says. */
const SOURCES: ReadonlyArray<readonly [CapSource, Partial<CapWishes>, number | undefined]> = [
  ['until-done', { untilDone: true }, undefined],
  ['flag', { cap: '301s' }, 301_000],
  ['env', { env: '302s' }, 302_000],
  ['keep-warm', { keepsWarm: true }, undefined],
  ['project-config', { projectConfig: 303_000 }, 303_000],
  ['user-config', { userConfig: 304_000 }, 304_000],
  ['transcript', { transcript: () => '1h' }, 3_300_000],
  ['ci', {}, undefined],
];
/** The limit of the caller's shell tool, and the cap that is safe under it. */
const LIMITS: ReadonlyArray<readonly [limitMs: string | undefined, safeMs: number]> = [
  [undefined, Number.POSITIVE_INFINITY],
  ['120000', 110_000],
  ['12000', 5_000],
  ['8000', 5_000],
];

interface Case {
  readonly present: readonly CapSource[];
  readonly limitMs: string | undefined;
  readonly safeMs: number;
  readonly inside: boolean;
}

const CASES: readonly Case[] = Array.from({ length: 2 ** SOURCES.length }, (_, bits) =>
  SOURCES.filter((_source, i) => bits & (1 << i)).map(([source]) => source),
).flatMap((present) =>
  LIMITS.flatMap(([limitMs, safeMs]) => [false, true].map((inside) => ({ present, limitMs, safeMs, inside }))),
);

function wishesOf({ present, limitMs, inside }: Case): CapWishes {
  const claude = limitMs === undefined ? {} : { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: limitMs };
  const env = { ...claude, CI: present.includes('ci') ? '1' : '', CSA_SESSION_ID: inside ? 'x' : '' };
  const said = SOURCES.filter(([source]) => present.includes(source)).map(([, wish]) => wish);
  return Object.assign({ untilDone: false, transcript: () => undefined, caller: detectCaller(env) }, ...said);
}

describe(`over every combination of sources and callers (${CASES.length})`, () => {
  it('takes the strongest source, and lowers what no flag said', () => {
    expect(CASES).toHaveLength(2_048);
    for (const c of CASES) {
      // An agent's mark beats CI: it can wait again.
      const speaks = (source: CapSource): boolean =>
        c.present.includes(source) && (source !== 'ci' || c.limitMs === undefined);
      const [source, , capMs] = SOURCES.find(([name]) => speaks(name)) ?? (['default', {}, 240_000] as const);
      const fullCapMs = capMs ?? MAX_CAP_MS;
      const isOwn = source === 'flag' || source === 'until-done';
      const isLowered = !c.inside && !isOwn && fullCapMs > c.safeMs;
      const expected = isLowered
        ? { capMs: c.safeMs, source: 'claude-code', lowered: { fullCapMs, toolMaxMs: 600_000 } }
        : { capMs, source };
      expect(chooseCap(wishesOf(c)), JSON.stringify(c)).toEqual(expected);
    }
  });
});

const quiet: CapWishes = { untilDone: false, transcript: () => undefined, caller: detectCaller({}) };

describe('a cap', () => {
  const claude = (limit: string, max?: string) =>
    detectCaller({ CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: limit, BASH_MAX_TIMEOUT_MS: max });

  it.each([
    ['109s', '120000', 109_000],
    ['110s', '120000', 110_000],
    ['0', '8000', 0],
    ['5s', '8000', 5_000],
    ['4s', '1000', 4_000],
  ])('of %s is short enough under a limit of %s ms', (env, limit, capMs) => {
    expect(chooseCap({ ...quiet, env, caller: claude(limit) })).toEqual({ capMs, source: 'env' });
  });

  it.each(['1', '1000', '5000', '14999', '15000'])('is never lowered below 5 s: %s', (limit) => {
    expect(chooseCap({ ...quiet, caller: claude(limit) }).capMs).toBe(5_000);
  });

  it('tells what would pay and how much the tool may be asked for', () => {
    const { lowered } = chooseCap({ ...quiet, env: '20m', caller: claude('60000', '90000') });
    expect(lowered).toEqual({ fullCapMs: 1_200_000, toolMaxMs: 90_000 });
  });

  it('names opencode where that is stricter', () => {
    expect(chooseCap({ ...quiet, caller: detectCaller({ OPENCODE: '1' }) })).toMatchObject({
      capMs: 110_000,
      source: 'opencode',
    });
  });

  it('is four minutes for a cache of five, and an empty variable is none', () => {
    expect(chooseCap({ ...quiet, env: '', transcript: () => '5m' })).toEqual({ capMs: 240_000, source: 'transcript' });
  });

  it('of 0 is a wish like any other', () => {
    expect(chooseCap({ ...quiet, cap: '0', env: '5' })).toEqual({ capMs: 0, source: 'flag' });
    expect(chooseCap({ ...quiet, env: '0', projectConfig: 5 })).toEqual({ capMs: 0, source: 'env' });
  });

  it('reads the transcript only when nothing above it speaks', () => {
    const transcript = () => {
      throw new Error('it was read');
    };
    for (const wish of [{ cap: '1' }, { env: '1' }, { projectConfig: 1 }, { userConfig: 1 }, { untilDone: true }]) {
      expect(() => chooseCap({ ...quiet, ...wish, transcript })).not.toThrow();
    }
    expect(() => chooseCap({ ...quiet, transcript })).toThrow('it was read');
  });
});

it.each([
  ['', 'bad-duration'],
  ['soon', 'bad-duration'],
  ['240000', 'bad-duration'],
  ['-1s', 'bad-duration'],
  ['8d', 'out-of-range'],
])('is refused as %j, and never clamped', (text, reason) => {
  expect(refusalOf(() => chooseCap({ ...quiet, cap: text }))).toMatchObject({ reason });
  expect(refusalOf(() => chooseCap({ ...quiet, cap: text })).message).toContain('--cap');
  const others = { projectConfig: 1, userConfig: 1 };
  if (text !== '') expect(reasonOf(() => chooseCap({ ...quiet, ...others, env: text }))).toBe(reason);
});

it('names the variable where it is at fault', () => {
  expect(refusalOf(() => chooseCap({ ...quiet, env: '8d' })).message).toContain(
    'CSA_WAIT_CAP is out of range: expected 0 to 7d, got "8d"',
  );
});
