import { Hints } from '@csa/calls';
import type { StatusView } from '@csa/calls/status';
import { describe, expect, it } from 'vitest';
import { listedSession } from '../list/listed.test.fixture.ts';
import { ID, OTHER } from '../wait/wait-story.test.fixture.ts';
import { statusLines } from './status-lines.ts';

const ABSENT = { state: 'absent', bytes: null, modified_at: null, age_ms: null, detail: null } as const;

function viewOf(rest: Partial<StatusView> = {}): StatusView {
  const { short_id: _, warm: __, ...session } = listedSession();
  return {
    ...session,
    created_at: null,
    command_started_at: null,
    completed_at: null,
    stop_request: null,
    warnings: [],
    resume_target: null,
    survivor: null,
    stalled: false,
    resources: null,
    warm: null,
    record: [],
    ...rest,
  };
}

function lines(rest: Partial<StatusView>): string[] {
  return statusLines(viewOf(rest), { hints: new Hints(['csa']), target: { id: ID }, hasColour: false });
}

const ALIVE = { state: 'alive', status: null, exit: null, session_exit: null } as const;

/** Whatever the width of the first column. */
function squeezed(all: readonly string[]): string[] {
  return all.map((line) => line.replace(/ {2,}/, '  '));
}

it.each<[Partial<StatusView>, string]>([
  [{}, 'state  finished success, exit 0'],
  [{ status: 'failure', exit: 1, session_exit: 300 }, 'state  finished failure, exit 300 (a wait exits with 1)'],
  [ALIVE, 'state  alive'],
  [{ ...ALIVE, stalled: true }, 'state  alive, its supervisor is stopped (SIGSTOP)'],
  [{ ...ALIVE, state: 'unknown', reason: 'proc-hidden' }, 'state  unknown (proc-hidden)'],
  [{ resolved: OTHER }, `resolved  ${OTHER}`],
  [{ survivor: 12 }, 'survivor  process 12 of the command still runs'],
  [{ labels: { team: 'api', b: '' } }, 'labels  team=api, b='],
  [{}, 'project  /home/dev/api'],
  [{ completed_at: '2026-08-20T09:16:01Z' }, 'completed  2026-08-20T09:16:01Z'],
  [{ resume_target: OTHER }, `resumes  ${OTHER}`],
  [{ warnings: ['one', 'two'] }, 'warning  two'],
  [
    { stop_request: { by: 'ann', at: 'noon', why: 'no need', signal: 'SIGTERM', grace_ms: 1 } },
    'stop asked  by ann at noon, SIGTERM, grace 1ms: no need',
  ],
  [
    { stop_request: { by: 'ann', at: 'noon', why: '', signal: 'SIGINT', grace_ms: 1 } },
    'stop asked  by ann at noon, SIGINT, grace 1ms',
  ],
  [
    { ...ALIVE, resources: { processes: 3, cpu_ms: 12_549, resident_bytes: 1.5 * 2 ** 20, largest: [] } },
    'processes  3, 12.5 s CPU, 1.5 MiB resident',
  ],
])('of %o says it', (rest, line) => {
  expect(squeezed(lines(rest))).toContain(line);
});

it.each<[Partial<StatusView>, string]>([
  [ALIVE, 'wait'],
  [{ ...ALIVE, state: 'unknown' }, 'wait'],
  [{}, 'result'],
  [{ ...ALIVE, state: 'dead' }, 'logs'],
  [{ ...ALIVE, state: 'dead', survivor: 12 }, 'stop'],
])('of %o names what to run next: %s', (rest, verb) => {
  expect(squeezed(lines(rest))).toContain(`next  csa session ${verb} ${ID}`);
});

describe('the record', () => {
  it('shows what is there, and what is missing where it matters', () => {
    const seen = { modified_at: null, age_ms: 61_000, detail: null };
    const record = [
      { ...seen, file: 'state.toml', state: 'present', bytes: 219 },
      { ...seen, file: 'lifeline', state: 'present', bytes: 0, detail: 'held by nobody' },
      { ...ABSENT, file: 'stop-request.toml' },
      { ...seen, file: 'stdout.log', state: 'present', bytes: 3 * 2 ** 30 },
      { ...seen, file: 'result.toml', state: 'unreadable', bytes: 2_048, detail: 'torn' },
      { ...ABSENT, file: 'daemon-completion.toml' },
      { ...ABSENT, file: 'command.pid', state: 'error', detail: 'EACCES' },
    ] as const;
    const all = lines({ record });
    expect(all.slice(all.indexOf('record:') + 1)).toEqual([
      '  state.toml              219 B    1m 1s ago',
      '  lifeline                0 B      1m 1s ago  held by nobody',
      '  stdout.log              3.0 GiB  1m 1s ago',
      '  result.toml             2.0 KiB  1m 1s ago  unreadable: torn',
      '  daemon-completion.toml  absent',
      '  command.pid             error               EACCES',
    ]);
  });
});
