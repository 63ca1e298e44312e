import type { AliasTrouble, FailureReason, UnknownReason, WaitEnd } from '@csa/wait';
import type { Interruption } from './exit-code.ts';
import { outcomeOf } from './wait-story.test.fixture.ts';
import type { WaitStory } from './wait-story.ts';

/** One way in which a wait ends, and what the contract says of it; `alive`: the code that the caller chose. */
export interface EndCase {
  readonly name: string;
  readonly end: WaitEnd;
  readonly story?: Partial<WaitStory>;
  readonly exit: number | 'alive';
  readonly marker: string;
  /** Attributes of the status marker without session, elapsed and commands. */
  readonly says: Readonly<Record<string, string>>;
  readonly result: string;
}

type Row = readonly [name: string, status: string, code: number, exit: number, says?: Record<string, string>];

/** What a result.toml says, with the code that its waiter leaves with. */
const RESULTS: readonly Row[] = [
  ['success', 'success', 0, 0],
  ['retired', 'retired', 0, 0],
  ['success that is none', 'success', 3, 3],
  ['failure 3', 'failure', 3, 3],
  ['failure recorded as 0', 'failure', 0, 1, { session_exit: '0' }],
  ['failure 124', 'failure', 124, 1, { session_exit: '124' }],
  ['failure 125', 'failure', 125, 1, { session_exit: '125' }],
  ['failure -1', 'failure', -1, 1, { session_exit: '-1' }],
  ['failure 256', 'failure', 256, 1, { session_exit: '256' }],
  ['failure 300', 'failure', 300, 1, { session_exit: '300' }],
  ['failure 255', 'failure', 255, 255],
  ['failure 130, its own', 'failure', 130, 130],
  ['signal 137', 'signal', 137, 137, { signal: 'SIGKILL' }],
  ['signal 129', 'signal', 129, 129, { signal: 'SIGHUP' }],
];

const ofResult = ([name, status, code, exit, more = {}]: Row): EndCase => ({
  name,
  end: { kind: 'finished', source: 'result', outcome: outcomeOf(status, code), daemonAlive: false },
  exit,
  marker: 'SESSION_WAIT_COMPLETED',
  says: { status, exit: String(exit), synthetic: 'false', source: 'result', ...more },
  result: 'finished',
});

const timeout: EndCase = {
  name: 'timeout 143 with its reason',
  end: {
    kind: 'finished',
    source: 'result',
    outcome: outcomeOf('timeout', 143, { detail: 'time-limit' }),
    daemonAlive: false,
  },
  exit: 143,
  marker: 'SESSION_WAIT_COMPLETED',
  says: {
    status: 'timeout',
    exit: '143',
    synthetic: 'false',
    source: 'result',
    signal: 'SIGTERM',
    reason: 'time-limit',
  },
  result: 'finished',
};

const raised: EndCase = {
  name: 'a success that the report raised, its daemon lingering',
  end: {
    kind: 'finished',
    source: 'result',
    outcome: outcomeOf('success', 0, { processExitCode: 2 }),
    daemonAlive: true,
  },
  exit: 0,
  marker: 'SESSION_WAIT_COMPLETED',
  says: { status: 'success', exit: '0', synthetic: 'false', source: 'result', process_exit: '2', daemon: 'alive' },
  result: 'finished',
};

const lowered: EndCase = {
  name: 'a failure that the report made of an exit 0',
  end: {
    kind: 'finished',
    source: 'result',
    outcome: outcomeOf('failure', 7, { processExitCode: 0 }),
    daemonAlive: false,
  },
  exit: 7,
  marker: 'SESSION_WAIT_COMPLETED',
  says: { status: 'failure', exit: '7', synthetic: 'false', source: 'result' },
  result: 'finished',
};

const packet = (
  source: 'result' | 'daemon-completion',
  code: number,
  exit: number,
  reason?: FailureReason,
): EndCase => ({
  name: `${source} ${reason ?? 'with a failure'} ${code}`,
  end: {
    kind: 'finished',
    source,
    outcome: outcomeOf('failure', code),
    daemonAlive: false,
    ...(reason === undefined ? {} : { reason }),
  },
  exit,
  marker: 'SESSION_WAIT_COMPLETED',
  says: {
    status: 'failure',
    exit: String(exit),
    synthetic: 'false',
    source,
    ...(code === exit ? {} : { session_exit: String(code) }),
    ...(reason === undefined ? {} : { reason }),
  },
  result: 'finished',
});

const alive = (
  name: string,
  story: Partial<WaitStory>,
  says: Record<string, string>,
  provisional?: string,
): EndCase => ({
  name,
  end: { kind: 'alive', ...(provisional === undefined ? {} : { provisional }) },
  story,
  exit: 'alive',
  marker: 'SESSION_WAIT_KV_WARM',
  says: { status: 'alive', action: 're-wait', cap: '240s', cap_source: 'default', ...says },
  result: 'alive',
});

const PROVISIONAL = { result: 'provisional', result_status: 'failure', hint: '--trust-result' };
const ALIVE: readonly EndCase[] = [
  alive('alive', {}, {}),
  alive('alive with a provisional result', {}, PROVISIONAL, 'failure'),
  alive(
    'alive at a lowered cap',
    { cap: { capMs: 110_000, source: 'claude-code', lowered: { fullCapMs: 240_000, toolMaxMs: 600_000 } } },
    { cap: '110s', cap_source: 'claude-code', tool_timeout_ms: '250000' },
  ),
  alive(
    'alive where no call lasts as long as pays',
    { cap: { capMs: 110_000, source: 'opencode', lowered: { fullCapMs: 3_300_000, toolMaxMs: 600_000 } } },
    { cap: '110s', cap_source: 'opencode', action: 'background', run_in_background: 'true', tool_timeout_ms: '600000' },
  ),
  alive('alive and stopped', { stalled: true }, { stalled: 'true' }),
  alive('alive and idle', { idleMs: 4_999 }, { idle: '4s' }),
];

const other = (
  name: string,
  end: WaitEnd,
  expected: Pick<EndCase, 'exit' | 'marker' | 'says' | 'result' | 'story'>,
) => ({
  name,
  end,
  ...expected,
});

const dead = (name: string, story: Partial<WaitStory>, says: Record<string, string>): EndCase =>
  other(
    name,
    { kind: 'dead' },
    {
      exit: 124,
      marker: 'SESSION_WAIT_TIMEOUT',
      says: { status: 'dead', ...says },
      result: 'dead',
      story,
    },
  );

const UNKNOWN: Readonly<Record<UnknownReason, true>> = {
  starting: true,
  'death-unconfirmed': true,
  'daemon-unreadable': true,
  'io-error': true,
  'other-machine': true,
  'other-pid-namespace': true,
  'proc-hidden': true,
  'unproven-pid': true,
  'invalid-pid': true,
};
const ALIAS: Readonly<Record<AliasTrouble, true>> = {
  'alias-invalid': true,
  'alias-missing': true,
  'alias-loop': true,
  'alias-too-long': true,
};
const INTERRUPTIONS: Readonly<Record<Interruption, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
  'parent-gone': 129,
};

const unknown = (reason: UnknownReason, provisional?: string): EndCase =>
  other(
    `unknown, ${reason}`,
    { kind: 'undetermined', reason, ...(provisional === undefined ? {} : { provisional }) },
    {
      exit: 125,
      marker: 'SESSION_WAIT_UNKNOWN',
      says: { status: 'unknown', action: 're-wait', reason, ...(provisional === undefined ? {} : PROVISIONAL) },
      result: 'unknown',
    },
  );

const interrupted = (interruption: Interruption, daemon: 'alive' | 'dead' | 'unknown'): EndCase =>
  other(
    `interrupted by ${interruption}, ${daemon}`,
    { kind: 'interrupted', daemon },
    {
      exit: INTERRUPTIONS[interruption],
      marker: 'SESSION_WAIT_INTERRUPTED',
      says: { status: daemon, [interruption === 'parent-gone' ? 'reason' : 'signal']: interruption },
      result: 'interrupted',
      story: { interruption },
    },
  );

const failed = (end: WaitEnd, reason: string): EndCase =>
  other(reason, end, { exit: 125, marker: 'SESSION_WAIT_ERROR', says: { reason }, result: 'error' });

/** Every way in which a wait ends. */
export const ENDS: readonly EndCase[] = [
  ...RESULTS.map(ofResult),
  timeout,
  raised,
  lowered,
  packet('result', 1, 1, 'result-unreadable'),
  packet('result', 9, 9, 'result-unreadable'),
  packet('result', 124, 1, 'result-not-final'),
  packet('daemon-completion', 1, 1, 'result-missing'),
  packet('daemon-completion', 1, 1, 'completion-unreadable'),
  packet('daemon-completion', 143, 143),
  packet('daemon-completion', 125, 1),
  ...ALIVE,
  dead('dead', {}, {}),
  dead('dead with a survivor', { survivor: 4711 }, { survivor: '4711' }),
  ...(Object.keys(UNKNOWN) as UnknownReason[]).map((reason) => unknown(reason)),
  unknown('proc-hidden', 'failure'),
  ...(Object.keys(INTERRUPTIONS) as Interruption[]).flatMap((cause) => [
    interrupted(cause, 'alive'),
    interrupted(cause, 'unknown'),
  ]),
  failed({ kind: 'lost' }, 'registry-lost'),
  ...(Object.keys(ALIAS) as AliasTrouble[]).map((reason) => failed({ kind: 'alias-trouble', reason }, reason)),
];
