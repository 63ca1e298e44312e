import { describe, expect, it } from 'vitest';
import { ENDS } from './wait-ends.test.data.ts';
import { report } from './wait-report.ts';
import { attributesOf, finished, ID, markersOf, OTHER, outcomeOf, storyOf } from './wait-story.test.fixture.ts';

/** Other programs grep these: every attribute there is, in the order that was promised. */
const ORDER: Readonly<Record<string, string>> = {
  SESSION_RESULT: 'session resolved status session_exit signal summary reason result_cmd logs_cmd',
  SESSION_WAIT_COMPLETED:
    'session resolved status exit synthetic source session_exit process_exit signal reason daemon elapsed',
  CALLER_HINT: 'action rule',
  SESSION_WAIT_KV_WARM:
    'session resolved status elapsed action cmd full_cmd run_in_background tool_timeout_ms cap cap_source idle result result_status hint stalled',
  SESSION_WAIT_TIMEOUT: 'session resolved elapsed status cmd survivor stop_cmd',
  SESSION_WAIT_UNKNOWN: 'session resolved status elapsed action cmd reason result result_status hint',
  SESSION_WAIT_INTERRUPTED: 'session resolved status signal reason cmd stop_cmd',
  SESSION_WAIT_ERROR: 'reason session resolved cmd',
};

it.each(ENDS)('writes the attributes in the promised order: $name', (c) => {
  for (const resolved of [undefined, OTHER]) {
    for (const marker of markersOf(report(storyOf(c.end, { ...c.story, resolved })))) {
      const keys = [...marker.attributes.keys()];
      const promised = (ORDER[marker.name] ?? '').split(' ').filter((key) => keys.includes(key));
      expect(keys).toEqual(promised);
    }
  }
});

it.each<[string, Parameters<typeof storyOf>, string]>([
  [
    'a finished session',
    [finished(outcomeOf('failure', 3)), { target: { id: ID, directory: '/a b/c' } }],
    `<!-- CSA:SESSION_WAIT_COMPLETED session=${ID} status=failure exit=3 synthetic=false source=result elapsed=12s -->`,
  ],
  [
    'an alive one',
    [
      { kind: 'alive' },
      {
        idleMs: 4_000,
        cap: { capMs: 110_000, source: 'claude-code', lowered: { fullCapMs: 240_000, toolMaxMs: 600_000 } },
      },
    ],
    `<!-- CSA:SESSION_WAIT_KV_WARM session=${ID} status=alive elapsed=12s action=re-wait cmd="csa session wait ${ID}" full_cmd="csa session wait ${ID} --cap 240s" tool_timeout_ms=250000 cap=110s cap_source=claude-code idle=4s -->`,
  ],
  [
    'a dead one',
    [{ kind: 'dead' }, { survivor: 4711 }],
    `<!-- CSA:SESSION_WAIT_TIMEOUT session=${ID} elapsed=12s status=dead cmd="csa session status ${ID} --explain" survivor=4711 stop_cmd="csa session stop ${ID}" -->`,
  ],
  [
    'an unknown one',
    [{ kind: 'undetermined', reason: 'other-pid-namespace' }],
    `<!-- CSA:SESSION_WAIT_UNKNOWN session=${ID} status=unknown elapsed=12s action=re-wait cmd="csa session wait ${ID}" reason=other-pid-namespace -->`,
  ],
  [
    'an interrupted wait',
    [{ kind: 'interrupted', daemon: 'alive' }, { interruption: 'SIGTERM' }],
    `<!-- CSA:SESSION_WAIT_INTERRUPTED session=${ID} status=alive signal=SIGTERM cmd="csa session wait ${ID}" stop_cmd="csa session stop ${ID}" -->`,
  ],
])('writes %s byte for byte as documented', (_, story, line) => {
  expect(report(storyOf(...story)).stdout.at(-1)).toBe(line);
});

it.each<[string, Parameters<typeof storyOf>]>([
  ['SESSION_WAIT_KV_WARM', [{ kind: 'alive' }]],
  ['SESSION_WAIT_UNKNOWN', [{ kind: 'undetermined', reason: 'proc-hidden' }]],
  ['SESSION_WAIT_INTERRUPTED', [{ kind: 'interrupted', daemon: 'alive' }, { interruption: 'SIGINT' }]],
])('%s never sends a wait without a cap into the foreground of a tool that would end it', (name, [end, more]) => {
  const lowered = { fullCapMs: 3_300_000, toolMaxMs: 600_000 };
  const story = storyOf(end, { ...more, cap: { capMs: 110_000, source: 'claude-code', lowered } });
  const { cmd, run_in_background } = attributesOf(markersOf(report(story)).find((marker) => marker.name === name));
  expect([cmd?.includes('--until-done'), run_in_background]).toEqual(
    name === 'SESSION_WAIT_KV_WARM' ? [true, 'true'] : [false, undefined],
  );
});

describe('the result marker', () => {
  const result = (...story: Parameters<typeof storyOf>) => attributesOf(markersOf(report(storyOf(...story)))[0]);

  it('tells all that a reader needs without another call', () => {
    const outcome = outcomeOf('timeout', 143, { summary: 'two\n lines \u001b[31mred', detail: 'time-limit' });
    expect(result(finished(outcome), { target: { id: ID, directory: '/a b' } })).toEqual({
      session: ID,
      status: 'timeout',
      session_exit: '143',
      signal: 'SIGTERM',
      summary: 'two lines red',
      reason: 'time-limit',
      result_cmd: "csa session result --dir '/a b'",
      logs_cmd: "csa session logs --dir '/a b'",
    });
  });

  it('shows the true code, and no summary where there is none', () => {
    expect(result(finished(outcomeOf('failure', 300)))).toMatchObject({ session_exit: '300', summary: '' });
  });

  it('shows every status that is written anywhere in full', () => {
    for (const status of ['success', 'retired', 'failure', 'signal', 'timeout', 'tier_failover_superseded']) {
      expect(result(finished(outcomeOf(status, 1)))['status']).toBe(status);
    }
  });

  it.each([
    ['signal', 129, 'SIGHUP'],
    ['timeout', 137, 'SIGKILL'],
    ['signal', 128, undefined],
    ['signal', 255, undefined],
    ['signal', -1, undefined],
    ['failure', 137, undefined],
  ])('names the signal of %s %i', (status, code, signal) => {
    expect(result(finished(outcomeOf(status, code)))['signal']).toBe(signal);
  });
});
