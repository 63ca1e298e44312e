import type { StopRequest } from '@csa/session';

/** How the command's own process ended. */
export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

/** Why a supervisor ends its command; the first cause is the recorded one. */
export type Cause =
  | { readonly kind: 'time-limit'; readonly limitMs: number }
  /** It printed nothing and used no CPU time for so long. */
  | { readonly kind: 'idle-limit'; readonly limitMs: number }
  | { readonly kind: 'stop'; readonly request: StopRequest }
  /** Somebody signalled the supervisor without saying who or why. */
  | { readonly kind: 'terminated'; readonly signal: NodeJS.Signals };

/** How a session ended. */
export type End =
  | { readonly kind: 'not-started'; readonly exitCode: number; readonly reason: string; readonly detail: string }
  | { readonly kind: 'exited'; readonly exit: Exit }
  | { readonly kind: 'ended'; readonly cause: Cause; readonly exit: Exit; readonly killed: boolean };

export type State =
  | { readonly phase: 'launching'; readonly cause?: Cause }
  | { readonly phase: 'running' }
  /** `exit`: the command itself is gone, others of its process group may not be. */
  | { readonly phase: 'ending'; readonly cause: Cause; readonly killed: boolean; readonly exit?: Exit }
  | { readonly phase: 'ended'; readonly end: End };

export type Event =
  | { readonly kind: 'spawned' }
  | { readonly kind: 'not-started'; readonly exitCode: number; readonly reason: string; readonly detail: string }
  | { readonly kind: 'exited'; readonly exit: Exit }
  | { readonly kind: 'group-gone' }
  | { readonly kind: 'asked-to-end'; readonly cause: Cause }
  | { readonly kind: 'grace-over' };

export type Effect =
  | { readonly kind: 'signal-group'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'arm-grace'; readonly ms: number }
  /** Tell `group-gone` once nothing of the process group lives. */
  | { readonly kind: 'watch-group' }
  | { readonly kind: 'publish'; readonly end: End };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** How long a command may take to end by itself before it is killed, unless a stop says otherwise. */
export const GRACE_MS = 10_000;
/** How long a killed process group may linger (a process in an uninterruptible call) before the record is written. */
const KILL_GRACE_MS = 5_000;

export const INITIAL: State = { phase: 'launching' };

/** The whole life of a supervised command: no clock, no process and no file in here. */
export function transition(state: State, event: Event): Step {
  switch (state.phase) {
    case 'launching':
      return launching(state, event);
    case 'running':
      return running(state, event);
    case 'ending':
      return ending(state, event);
    case 'ended':
      return stay(state);
  }
}

function launching(state: Extract<State, { phase: 'launching' }>, event: Event): Step {
  switch (event.kind) {
    case 'spawned':
      return state.cause === undefined ? { state: { phase: 'running' }, effects: [] } : beginEnding(state.cause);
    case 'not-started':
      return finish(event);
    case 'asked-to-end':
      return stay({ phase: 'launching', cause: state.cause ?? event.cause });
    default:
      return stay(state);
  }
}

function running(state: State, event: Event): Step {
  switch (event.kind) {
    case 'exited':
      return finish({ kind: 'exited', exit: event.exit });
    case 'asked-to-end':
      return beginEnding(event.cause);
    default:
      return stay(state);
  }
}

function ending(state: Extract<State, { phase: 'ending' }>, event: Event): Step {
  switch (event.kind) {
    case 'exited':
      return { state: { ...state, exit: event.exit }, effects: [{ kind: 'watch-group' }] };
    case 'group-gone':
      return state.exit === undefined ? stay(state) : finishEnding(state, state.exit);
    case 'grace-over':
      return graceOver(state);
    case 'asked-to-end':
      // A second stop may be more urgent than the first; the record keeps the first.
      return event.cause.kind === 'stop' ? { state, effects: endingEffects(event.cause) } : stay(state);
    default:
      return stay(state);
  }
}

function graceOver(state: Extract<State, { phase: 'ending' }>): Step {
  if (state.killed && state.exit !== undefined) return finishEnding(state, state.exit);
  return {
    state: { ...state, killed: true },
    effects: [
      { kind: 'signal-group', signal: 'SIGKILL' },
      { kind: 'arm-grace', ms: KILL_GRACE_MS },
    ],
  };
}

function beginEnding(cause: Cause): Step {
  return { state: { phase: 'ending', cause, killed: false }, effects: endingEffects(cause) };
}

function endingEffects(cause: Cause): readonly Effect[] {
  const isStop = cause.kind === 'stop';
  const signal = isStop ? cause.request.signal : 'SIGTERM';
  return [
    { kind: 'signal-group', signal },
    { kind: 'arm-grace', ms: isStop ? cause.request.graceMs : GRACE_MS },
  ];
}

function finishEnding({ cause, killed }: Extract<State, { phase: 'ending' }>, exit: Exit): Step {
  return finish({ kind: 'ended', cause, exit, killed });
}

function finish(end: End): Step {
  return { state: { phase: 'ended', end }, effects: [{ kind: 'publish', end }] };
}

function stay(state: State): Step {
  return { state, effects: [] };
}
