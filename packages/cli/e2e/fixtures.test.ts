import { fixtureNames, hashTree, type MaterializedFixture, materialize } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type Answer, attribute, attributes, waitFor } from './answer.ts';

/** Exit code, marker, and the attributes that matter, as every fixture must be answered at a cap of 2 s. */
const EXPECTED: Readonly<Record<string, [exit: number, marker: string, Record<string, string>]>> = {
  '01-finished-success': [0, 'COMPLETED', { status: 'success', source: 'result' }],
  '02-finished-failure-exit3': [3, 'COMPLETED', { status: 'failure', exit: '3' }],
  '03-success-result-daemon-completion-failure': [0, 'COMPLETED', { source: 'result' }],
  '04-completion-success-only-empty-stdout': [1, 'COMPLETED', missingResult()],
  '05-completion-success-only-with-stdout': [1, 'COMPLETED', missingResult()],
  '06-completion-failure-only': [2, 'COMPLETED', { status: 'failure', source: 'daemon-completion' }],
  '07-alive-daemon': [0, 'KV_WARM', { status: 'alive', cap: '2s', cap_source: 'flag' }],
  '08-alive-daemon-intermediate-result': [0, 'KV_WARM', { status: 'alive', result: 'provisional' }],
  '09-dead-no-result-recent': [124, 'TIMEOUT', { status: 'dead' }],
  '10-dead-no-result-stale': [124, 'TIMEOUT', { status: 'dead' }],
  '11-torn-result': [1, 'COMPLETED', { status: 'failure', reason: 'result-unreadable' }],
  '12-torn-result-with-packet': [1, 'COMPLETED', { status: 'failure', reason: 'result-unreadable' }],
  '13-result-unknown-fields': [0, 'COMPLETED', { status: 'success' }],
  '14-legacy-pid-only-unrelated-live': [124, 'TIMEOUT', { status: 'dead' }],
  '15-legacy-pid-only-matching-cmdline': [0, 'KV_WARM', { status: 'alive' }],
  '16-pid-reused': [124, 'TIMEOUT', { status: 'dead' }],
  '17-resume-alias': [0, 'COMPLETED', { status: 'success', resolved: '01M0F6FRT0BVXME2PE9N4YX1X9' }],
  '18-legacy-complete-marker': [1, 'COMPLETED', missingResult()],
  '19-registry-loss-with-result': [0, 'COMPLETED', { elapsed: '0s' }],
  '20-tier-failover-superseded-alive': [0, 'KV_WARM', { status: 'alive', result: 'provisional' }],
};

function missingResult(): Record<string, string> {
  return { status: 'failure', source: 'daemon-completion', reason: 'result-missing' };
}

async function waitOn(fixture: MaterializedFixture, ...flags: string[]): Promise<Answer> {
  const before = hashTree(fixture.dir);
  const answer = await waitFor([fixture.session, ...flags], { world: fixture.world });
  expect(hashTree(fixture.dir), 'a waiter changes nothing').toBe(before);
  expect(attribute(answer.status, 'session')).toBe(fixture.session);
  return answer;
}

function seconds(answer: Answer): number {
  return Number(/^(\d+)s$/.exec(attribute(answer.status, 'elapsed') ?? '')?.[1]);
}

it('knows what every fixture must be answered', () => {
  expect(Object.keys(EXPECTED)).toEqual(fixtureNames());
});

describe('a wait at a cap of 2 s', () => {
  it.each(Object.keys(EXPECTED))('answers %s by its own records and changes nothing', async (name) => {
    const [exit, marker, expected] = EXPECTED[name] ?? [];
    const answer = await waitOn(materialize(name), '--cap', '2s');
    expect(answer.status.name).toBe(`SESSION_WAIT_${marker}`);
    expect(attributes(answer.status, ...Object.keys(expected ?? {}))).toEqual(expected);
    expect(answer.code).toBe(exit);
    if (marker === 'COMPLETED')
      expect(attributes(answer.status, 'exit', 'synthetic')).toEqual({ exit: String(exit), synthetic: 'false' });
  });
});

it('takes the result of a living foreign daemon as it is when told to trust it', async () => {
  const answer = await waitOn(materialize('08-alive-daemon-intermediate-result'), '--cap', '2s', '--trust-result');
  expect(answer.status.name).toBe('SESSION_WAIT_COMPLETED');
  expect(attributes(answer.status, 'status', 'source', 'daemon')).toEqual({
    status: 'success',
    source: 'result',
    daemon: 'alive',
  });
  expect(answer.code).toBe(0);
});

it.each(['09-dead-no-result-recent', '10-dead-no-result-stale', '16-pid-reused'])(
  'does not burn a cap of 60 s on %s',
  async (name) => {
    const answer = await waitOn(materialize(name), '--cap', '60s');
    expect(answer.status.name).toBe('SESSION_WAIT_TIMEOUT');
    expect(answer.code).toBe(124);
    expect(seconds(answer)).toBeLessThanOrEqual(3);
  },
);

it('follows a wrapper only by its target and names both', async () => {
  const fixture = materialize('17-resume-alias');
  const { result, status } = await waitOn(fixture, '--cap', '2s');
  expect([...status.attributes.keys()].slice(0, 2)).toEqual(['session', 'resolved']);
  expect(attributes(result, 'session', 'resolved')).toEqual(attributes(status, 'session', 'resolved'));
});
