import type { WarmReason } from '../policy/reason.ts';
import type { WarmKey } from './warm-key.ts';
import type { WarmSettings, WarmState } from './warm-state.ts';

/** A state without its number, which the store gives. */
export type NextState = Omit<WarmState, 'generation'>;
/** What a transition makes of a state; `undefined`: nothing is to change, and no generation is used up. */
export type Transition = (state: WarmState | undefined) => NextState | undefined;

export interface SwitchOn {
  readonly key: WarmKey;
  /** Times in milliseconds since the epoch. */
  readonly at: number;
  readonly until: number;
  readonly settings: WarmSettings;
  /** When the caller's last request began, where that is known better than the state does. */
  readonly anchor?: number | undefined;
}

/**
 * Switches on, or gives what is on another time and other settings. Since when it is on stays, unless a revival is
 * asked for: that is one for each time.
 */
export function on({ key, at, until, settings, anchor }: SwitchOn): Transition {
  return (state) => {
    const wasOn = state?.power.kind === 'on';
    const since = wasOn && !settings.revive ? state.power.since : at;
    const latest = later(anchor, state?.anchor);
    return {
      key,
      power: { kind: 'on', since, until },
      caller: wasOn ? state.caller : 'idle',
      ...(latest === undefined ? {} : { anchor: latest }),
      settings,
    };
  };
}

/** Idempotent: what is off stays off for the reason that it had. */
export function off(at: number, reason: WarmReason): Transition {
  return (state) => (state?.power.kind === 'on' ? { ...state, power: { kind: 'off', at, reason } } : undefined);
}

/** The caller's request is over: from here on nobody but the warmer reads its prefix. */
export function arm(): Transition {
  return (state) => (isOn(state) && state.caller === 'active' ? { ...state, caller: 'idle' } : undefined);
}

/** The caller's request starts at `at`, and reads the prefix by itself. */
export function cancel(at: number): Transition {
  return (state) => {
    if (!isOn(state)) return undefined;
    if (state.caller === 'active' && at <= (state.anchor ?? 0)) return undefined;
    return { ...state, caller: 'active', anchor: later(at, state.anchor) ?? at };
  };
}

/** Whether something is to be kept warm at `now`: a time that is over is over, also where nobody wrote it down. */
export function isOnAt(state: WarmState | undefined, now: number): boolean {
  return state?.power.kind === 'on' && state.power.until > now;
}

function isOn(state: WarmState | undefined): state is WarmState {
  return state?.power.kind === 'on';
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
