import type { Interruption } from '@csa/calls';
import type { AliasTrouble, UnknownReason, WaitEnd } from '@csa/wait';
import { type EndCase, FINISHED } from './finished-ends.test.data.ts';
import type { WordedWait } from './worded-wait.ts';

const alive = (
  name: string,
  story: Partial<WordedWait>,
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

const dead = (name: string, story: Partial<WordedWait>, says: Record<string, string>): EndCase =>
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
  ...FINISHED,
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
