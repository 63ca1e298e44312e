import type { FailureReason, WaitEnd } from '@csa/wait';
import { outcomeOf } from './wait-story.test.fixture.ts';
import type { WordedWait } from './worded-wait.ts';

/** One way in which a wait ends, and what the contract says of it; `alive`: the code that the caller chose. */
export interface EndCase {
  readonly name: string;
  readonly end: WaitEnd;
  readonly story?: Partial<WordedWait>;
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

/** Every way in which a session finishes. */
export const FINISHED: readonly EndCase[] = [
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
];
