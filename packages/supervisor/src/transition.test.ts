import type { StopRequest } from '@csa/session';
import { expect, test } from 'vitest';
import {
  type Cause,
  type Effect,
  type End,
  type Event,
  GRACE_MS,
  INITIAL,
  type State,
  transition,
} from './transition.ts';

const ask = (signal: NodeJS.Signals, graceMs: number, by: string): StopRequest => ({
  by,
  at: 'now',
  why: '',
  signal,
  graceMs,
});
const LIMIT: Cause = { kind: 'time-limit', limitMs: 5 };
const IDLE: Cause = { kind: 'idle-limit', limitMs: 7 };
const STOP: Cause = { kind: 'stop', request: ask('SIGINT', 700, 'me') };
const URGENT: Cause = { kind: 'stop', request: ask('SIGKILL', 0, 'you') };
const TOLD: Cause = { kind: 'terminated', signal: 'SIGTERM' };
const ZERO = { kind: 'code', code: 0 } as const;
const KILLED = { kind: 'signal', signal: 'SIGKILL' } as const;
const NOT_STARTED = { kind: 'not-started', exitCode: 127, reason: 'not-found', detail: 'x was not found' } as const;
const ENDED: End = { kind: 'exited', exit: ZERO };

const STATES = {
  launching: { phase: 'launching' },
  'launching, to be ended': { phase: 'launching', cause: STOP },
  running: { phase: 'running' },
  ending: { phase: 'ending', cause: LIMIT, killed: false },
  'ending, the command gone': { phase: 'ending', cause: LIMIT, killed: false, exit: ZERO },
  killed: { phase: 'ending', cause: STOP, killed: true },
  'killed, the command gone': { phase: 'ending', cause: STOP, killed: true, exit: KILLED },
  ended: { phase: 'ended', end: ENDED },
} as const satisfies Record<string, State>;

const EVENTS = {
  spawned: { kind: 'spawned' },
  'not-started': NOT_STARTED,
  exited: { kind: 'exited', exit: ZERO },
  'group-gone': { kind: 'group-gone' },
  limit: { kind: 'asked-to-end', cause: LIMIT },
  idle: { kind: 'asked-to-end', cause: IDLE },
  stop: { kind: 'asked-to-end', cause: STOP },
  urgent: { kind: 'asked-to-end', cause: URGENT },
  told: { kind: 'asked-to-end', cause: TOLD },
  'grace-over': { kind: 'grace-over' },
} as const satisfies Record<string, Event>;

type StateName = keyof typeof STATES;
type EventName = keyof typeof EVENTS;
type Expected = readonly [state: State, ...effects: Effect[]];

const signal = (name: NodeJS.Signals): Effect => ({ kind: 'signal-group', signal: name });
const grace = (ms: number): Effect => ({ kind: 'arm-grace', ms });
const WATCH: Effect = { kind: 'watch-group' };
const over = (end: End): Expected => [
  { phase: 'ended', end },
  { kind: 'publish', end },
];
const ending = (cause: Cause): State => ({ phase: 'ending', cause, killed: false });
const KILL: readonly Effect[] = [signal('SIGKILL'), grace(5_000)];

/** Only what changes something: every other pair of state and event leaves the state as it is, without an effect. */
const CHANGES: Readonly<Record<StateName, Partial<Record<EventName, Expected>>>> = {
  launching: {
    spawned: [{ phase: 'running' }],
    'not-started': over(NOT_STARTED),
    limit: [{ phase: 'launching', cause: LIMIT }],
    idle: [{ phase: 'launching', cause: IDLE }],
    stop: [{ phase: 'launching', cause: STOP }],
    urgent: [{ phase: 'launching', cause: URGENT }],
    told: [{ phase: 'launching', cause: TOLD }],
  },
  'launching, to be ended': {
    spawned: [ending(STOP), signal('SIGINT'), grace(700)],
    'not-started': over(NOT_STARTED),
  },
  running: {
    exited: over(ENDED),
    limit: [ending(LIMIT), signal('SIGTERM'), grace(GRACE_MS)],
    idle: [ending(IDLE), signal('SIGTERM'), grace(GRACE_MS)],
    stop: [ending(STOP), signal('SIGINT'), grace(700)],
    urgent: [ending(URGENT), signal('SIGKILL'), grace(0)],
    told: [ending(TOLD), signal('SIGTERM'), grace(GRACE_MS)],
  },
  ending: {
    exited: [{ ...ending(LIMIT), exit: ZERO } as State, WATCH],
    stop: [STATES.ending, signal('SIGINT'), grace(700)],
    urgent: [STATES.ending, signal('SIGKILL'), grace(0)],
    'grace-over': [{ phase: 'ending', cause: LIMIT, killed: true }, ...KILL],
  },
  'ending, the command gone': {
    exited: [STATES['ending, the command gone'], WATCH],
    'group-gone': over({ kind: 'ended', cause: LIMIT, exit: ZERO, killed: false }),
    stop: [STATES['ending, the command gone'], signal('SIGINT'), grace(700)],
    urgent: [STATES['ending, the command gone'], signal('SIGKILL'), grace(0)],
    'grace-over': [{ phase: 'ending', cause: LIMIT, killed: true, exit: ZERO }, ...KILL],
  },
  killed: {
    exited: [{ phase: 'ending', cause: STOP, killed: true, exit: ZERO }, WATCH],
    stop: [STATES.killed, signal('SIGINT'), grace(700)],
    urgent: [STATES.killed, signal('SIGKILL'), grace(0)],
    'grace-over': [STATES.killed, ...KILL],
  },
  'killed, the command gone': {
    exited: [{ phase: 'ending', cause: STOP, killed: true, exit: ZERO }, WATCH],
    'group-gone': over({ kind: 'ended', cause: STOP, exit: KILLED, killed: true }),
    stop: [STATES['killed, the command gone'], signal('SIGINT'), grace(700)],
    urgent: [STATES['killed, the command gone'], signal('SIGKILL'), grace(0)],
    'grace-over': over({ kind: 'ended', cause: STOP, exit: KILLED, killed: true }),
  },
  ended: {},
};

const PAIRS = (Object.keys(STATES) as StateName[]).flatMap((state) =>
  (Object.keys(EVENTS) as EventName[]).map((event) => [state, event] as const),
);

test.each(PAIRS)('%s, then %s', (stateName, eventName) => {
  const state = STATES[stateName];
  const [after, ...effects] = CHANGES[stateName][eventName] ?? [state];
  expect(transition(state, EVENTS[eventName])).toEqual({ state: after, effects });
});

test('the default grace is ten seconds', () => {
  expect(GRACE_MS).toBe(10_000);
});

/** Every sequence of so many events, with each state on the way. */
function* lives(length: number, states: readonly State[] = [INITIAL], published: readonly End[] = []): Generator<Life> {
  if (length === 0) {
    yield { states, published };
    return;
  }
  for (const event of Object.values(EVENTS)) {
    const { state, effects } = transition(states.at(-1) as State, event);
    const ends = effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.end] : []));
    yield* lives(length - 1, [...states, state], [...published, ...ends]);
  }
}

interface Life {
  readonly states: readonly State[];
  readonly published: readonly End[];
}

test('in every sequence of six events the end is published exactly once, is final, and tells of the first cause', () => {
  const wrong: Life[] = [];
  let ended = 0;
  for (const life of lives(6)) {
    const ends = life.states.filter((state) => state.phase === 'ended');
    const cause = life.states.find((state) => 'cause' in state && state.cause !== undefined) as
      | { cause?: Cause }
      | undefined;
    const [published] = life.published;
    const isOnce = life.published.length === (ends.length === 0 ? 0 : 1);
    const isFinal = life.states.slice(life.states.length - ends.length).every((state) => state.phase === 'ended');
    const isSame = ends.every(({ end }) => end === published);
    const isFirst = published?.kind !== 'ended' || published.cause === cause?.cause;
    if (!isOnce || !isFinal || !isSame || !isFirst) wrong.push(life);
    if (ends.length > 0) ended += 1;
  }
  expect(wrong).toEqual([]);
  expect(ended).toBeGreaterThan(100_000);
});

test('a command that was asked to end and does not is killed by the next end of its grace', () => {
  for (const cause of [LIMIT, IDLE, STOP, URGENT, TOLD]) {
    const { state } = transition({ phase: 'running' }, { kind: 'asked-to-end', cause });
    expect(transition(state, { kind: 'grace-over' }).effects).toContainEqual(signal('SIGKILL'));
  }
});
