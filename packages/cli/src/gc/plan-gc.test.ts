import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GcSession, planGc } from './plan-gc.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const WISHES = { olderThanMs: 30 * DAY, keep: 0, now: NOW };

function session(id: string, more: Partial<GcSession> = {}): GcSession {
  return {
    id,
    sessions: '/s',
    directory: `/s/${id}`,
    state: 'finished',
    daemon: 'dead',
    endedAt: NOW - 40 * DAY,
    survivor: undefined,
    hook: undefined,
    target: undefined,
    isReadOnly: false,
    ...more,
  };
}

function removed(sessions: readonly GcSession[], wishes: Partial<typeof WISHES> = {}): string {
  return planGc(sessions, { ...WISHES, ...wishes })
    .remove.map(({ id }) => id)
    .join(' ');
}

function kept(sessions: readonly GcSession[], wishes: Partial<typeof WISHES> = {}): Record<string, string> {
  const { keep } = planGc(sessions, { ...WISHES, ...wishes });
  return Object.fromEntries(keep.map(({ session: { id }, reason }) => [id, reason]));
}

describe('a session', () => {
  it.each<[string, Partial<GcSession>]>([
    ['finished', {}],
    ['dead', { state: 'dead' }],
    ['ended exactly so long ago', { endedAt: NOW - 30 * DAY }],
  ])('that is %s goes', (_, more) => {
    expect(removed([session('A', more)])).toBe('A');
  });

  it.each<[string, Partial<GcSession>]>([
    ['alive', { state: 'alive', daemon: 'alive' }],
    ['alive', { state: 'alive', daemon: 'dead' }],
    ['unknown', { state: 'unknown', daemon: 'dead' }],
    ['daemon-alive', { daemon: 'alive' }],
    ['daemon-unknown', { daemon: 'unknown' }],
    ['daemon-unknown', { state: 'dead', daemon: 'unknown' }],
    ['survivor', { survivor: 4711 }],
    ['survivor', { state: 'dead', survivor: 4711, endedAt: NOW }],
    ['hook', { hook: 4712 }],
    ['survivor', { survivor: 4711, hook: 4712 }],
    ['read-only-root', { isReadOnly: true }],
    ['too-young', { endedAt: NOW - 30 * DAY + 1 }],
    ['too-young', { endedAt: NOW + DAY }],
  ])('stays because of %s: %j', (reason, more) => {
    expect(kept([session('A', more)])).toEqual({ A: reason });
    expect(removed([session('A', more)])).toBe('');
  });

  it('that is alive or unknown never goes, whatever else is true of it and whatever is wished', () => {
    const anySession = fc.record({
      id: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      sessions: fc.constantFrom('/s', '/t'),
      directory: fc.constant('/s/x'),
      state: fc.constantFrom('alive', 'unknown', 'finished', 'dead'),
      daemon: fc.constantFrom('alive', 'unknown', 'dead'),
      endedAt: fc.integer({ min: 0, max: NOW * 2 }),
      survivor: fc.option(fc.constant(7), { nil: undefined }),
      hook: fc.option(fc.constant(8), { nil: undefined }),
      target: fc.option(fc.constantFrom('A', 'B', 'C', 'D', 'E'), { nil: undefined }),
      isReadOnly: fc.boolean(),
    }) as fc.Arbitrary<GcSession>;
    const anyWishes = fc.record({ olderThanMs: fc.nat(2 * NOW), keep: fc.nat(6), now: fc.constant(NOW) });
    fc.assert(
      fc.property(fc.array(anySession), anyWishes, (sessions, wishes) => {
        const { remove, keep } = planGc(sessions, wishes);
        expect([...remove, ...keep.map((one) => one.session)].length).toBe(sessions.length);
        for (const { state, daemon, survivor, isReadOnly } of remove) {
          expect(['finished', 'dead']).toContain(state);
          expect([daemon, survivor, isReadOnly]).toEqual(['dead', undefined, false]);
        }
        const needed = new Set(keep.map(({ session: { target } }) => target));
        expect(remove.filter(({ id }) => needed.has(id))).toEqual([]);
      }),
    );
  });
});

describe('--keep', () => {
  const five = ['A', 'B', 'C', 'D', 'E'].map((id) => session(id));

  it('keeps the newest, and removes newest first', () => {
    expect(removed(five)).toBe('E D C B A');
    expect(removed(five, { keep: 2 })).toBe('C B A');
    expect(kept(five, { keep: 2 })).toEqual({ E: 'newest', D: 'newest' });
    expect(removed(five, { keep: 9 })).toBe('');
  });

  it('counts each project for itself, and what stays anyway with it', () => {
    const other = ['F', 'G'].map((id) => session(id, { sessions: '/t' }));
    expect(removed([...five, ...other], { keep: 1 })).toBe('F D C B A');
    expect(removed([...five, session('H', { state: 'alive' })], { keep: 1 })).toBe('E D C B A');
  });
});

describe('a wrapper', () => {
  it('that stays keeps what it stands for, along the whole chain', () => {
    const chain = [
      session('C', { target: 'B', endedAt: NOW }),
      session('B', { target: 'A' }),
      session('A'),
      session('D'),
    ];
    expect(kept(chain)).toEqual({ C: 'too-young', B: 'resume-target', A: 'resume-target' });
    expect(removed(chain)).toBe('D');
  });

  it('goes before what it stands for, also when it is older', () => {
    expect(removed([session('A', { target: 'B' }), session('B'), session('C')])).toBe('A C B');
  });

  it('of a read-only root keeps it, and a loop ends', () => {
    expect(kept([session('A', { target: 'B', isReadOnly: true }), session('B', { target: 'A' })])).toEqual({
      A: 'read-only-root',
      B: 'resume-target',
    });
  });
});
