import { describe, expect, test } from 'vitest';
import { KEY, ON, SETTINGS } from './states.test.data.ts';
import { arm, cancel, off, on, type Transition } from './transitions.ts';
import type { WarmState } from './warm-state.ts';

const STATES = {
  none: undefined,
  idle: ON,
  active: { ...ON, caller: 'active' },
  off: { ...ON, power: { kind: 'off', at: 90, reason: 'session_ended' } },
} as const satisfies Record<string, WarmState | undefined>;

const AT = 1_000;
const request = { key: KEY, at: AT, until: 9_000, settings: SETTINGS };

const TRANSITIONS = {
  on: on(request),
  off: off(AT, 'kill_switch'),
  arm: arm(),
  cancel: cancel(AT),
} as const satisfies Record<string, Transition>;

const nothing = undefined;
const switchedOff = { power: { kind: 'off', at: AT, reason: 'kill_switch' } };
const started = { caller: 'active', anchor: AT };

/** What each makes of each state: `nothing` is no new generation. */
const TABLE: readonly [keyof typeof TRANSITIONS, keyof typeof STATES, object | undefined][] = [
  ['on', 'none', { power: { kind: 'on', since: AT, until: 9_000 }, caller: 'idle' }],
  ['on', 'idle', { power: { kind: 'on', since: 100, until: 9_000 }, caller: 'idle', anchor: 200 }],
  ['on', 'active', { power: { kind: 'on', since: 100, until: 9_000 }, caller: 'active', anchor: 200 }],
  ['on', 'off', { power: { kind: 'on', since: AT, until: 9_000 }, caller: 'idle', anchor: 200 }],
  ['off', 'none', nothing],
  ['off', 'idle', switchedOff],
  ['off', 'active', switchedOff],
  ['off', 'off', nothing],
  ['arm', 'none', nothing],
  ['arm', 'idle', nothing],
  ['arm', 'active', { caller: 'idle', anchor: 200 }],
  ['arm', 'off', nothing],
  ['cancel', 'none', nothing],
  ['cancel', 'idle', started],
  ['cancel', 'active', started],
  ['cancel', 'off', nothing],
];

test.each(TABLE)('%s of what is %s', (transition, state, expected) => {
  const next = TRANSITIONS[transition](STATES[state]);
  if (expected === undefined) expect(next).toBeUndefined();
  else expect(next).toMatchObject(expected);
});

test('the table is whole', () => {
  expect(TABLE).toHaveLength(Object.keys(TRANSITIONS).length * Object.keys(STATES).length);
});

describe('a transition', () => {
  test('keeps the settings that it does not change', () => {
    for (const transition of [off(AT, 'max_warms'), cancel(AT)]) {
      expect(transition(ON)).toMatchObject({ key: KEY, settings: SETTINGS });
    }
  });

  test('to on takes the later anchor, and the new settings', () => {
    const settings = { ...SETTINGS, maxWarms: 3 };
    expect(on({ ...request, settings, anchor: 900 })(ON)).toMatchObject({ anchor: 900, settings });
    expect(on({ ...request, anchor: 100 })(ON)).toMatchObject({ anchor: 200 });
  });

  test('to on with a revival begins anew, so that there is one for each time that it is asked for', () => {
    const settings = { ...SETTINGS, revive: true };
    expect(on({ ...request, settings })(ON)).toMatchObject({ power: { since: AT } });
  });

  test('to active never moves an anchor back, and is told once', () => {
    const later = { ...ON, caller: 'active', anchor: 2_000 } as const;
    expect(cancel(AT)(later)).toBeUndefined();
    expect(cancel(AT)({ ...ON, anchor: 2_000 })).toMatchObject({ anchor: 2_000, caller: 'active' });
  });
});
