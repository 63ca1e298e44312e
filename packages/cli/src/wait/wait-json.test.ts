import { Hints } from '@csa/calls';
import { Refusal } from '@csa/session';
import type { DaemonFact, Facts } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import { reportFailure } from '../failure.ts';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { ENDS } from './wait-ends.test.data.ts';
import { report } from './wait-report.ts';
import { finished, ID, OTHER, outcomeOf, storyOf } from './wait-story.test.fixture.ts';

const documentOf = (...story: Parameters<typeof storyOf>): Record<string, unknown> => {
  const { stdout } = report(storyOf(story[0], { ...story[1], json: true }));
  expect(stdout).toHaveLength(1);
  return JSON.parse(stdout[0] ?? '') as Record<string, unknown>;
};

const factsWith = (daemon: DaemonFact): Facts => ({
  daemon,
  completion: { kind: 'absent' },
  result: { kind: 'absent' },
  publishedOnce: false,
  trustResult: false,
  capReached: true,
});

it.each(ENDS)('is valid by the published schema: $name', (c) => {
  expect(faultsOf('session-wait', documentOf(c.end, c.story))).toEqual([]);
  const around = { resolved: OTHER, facts: factsWith({ state: 'dead' }), idleMs: 1.5 };
  expect(faultsOf('session-wait', documentOf(c.end, { ...c.story, ...around }))).toEqual([]);
});

it.each([new Refusal({ reason: 'not-found', what: 'x', next: 'y' }), new Error('z')])(
  'so is a failure: %s',
  (error) => {
    const failed = { words: ['session', 'wait'], session: ID, json: true, hints: new Hints(['csa']) };
    const { stdout } = reportFailure(error, failed);
    expect(faultsOf('session-wait', JSON.parse(stdout.join('\n')))).toEqual([]);
    expect(
      faultsOf('session-wait', JSON.parse(reportFailure(error, { ...failed, session: undefined }).stdout.join())),
    ).toEqual([]);
  },
);

describe('a document that is not what the schema says has a fault:', () => {
  const good = documentOf({ kind: 'alive' });
  it.each<[string, Record<string, unknown>]>([
    ['a field too many', { ...good, more: 1 }],
    ['another type', { ...good, exit: '0' }],
    ['no whole number', { ...good, elapsed_ms: 1.5 }],
    ['too large', { ...good, exit: 256 }],
    ['too small', { ...good, elapsed_ms: -1 }],
    ['no value of the list', { ...good, wait_result: 'done' }],
    ['another constant', { ...good, schema: 'csa.session-wait/2' }],
    ['one inside another', { ...good, next: { cmd: 'x' } }],
  ])('%s', (_, document) => {
    expect(faultsOf('session-wait', document)).toHaveLength(1);
  });

  it.each(Object.keys(good))('no %s', (field) => {
    const { [field]: _, ...rest } = good;
    expect(faultsOf('session-wait', rest)).toEqual([`/ must have required property '${field}'`]);
  });
});

describe('the document', () => {
  it('holds the whole of a failure', () => {
    const outcome = outcomeOf('timeout', 300, { summary: 'a\n\u001b[1mb "c"', detail: 'time-\u202elimit' });
    const facts = factsWith({ state: 'alive' });
    expect(documentOf(finished(outcome), { facts, resolved: OTHER, idleMs: 99.6 })).toEqual({
      schema: 'csa.session-wait/1',
      session: ID,
      resolved: OTHER,
      wait_result: 'finished',
      status: 'timeout',
      exit: 1,
      session_exit: 300,
      source: 'result',
      reason: 'time-limit',
      daemon: 'alive',
      elapsed_ms: 12_346,
      idle_ms: 100,
      cap_ms: 240_000,
      cap_source: 'default',
      summary: 'a b "c"',
      next: { cmd: `csa session result ${ID}`, tool_timeout_ms: null },
      message: null,
    });
  });

  it('holds the next wait of an alive session, and the time that it needs', () => {
    const lowered = { fullCapMs: 3_300_000, toolMaxMs: 600_000 };
    const cap = { capMs: 110_000, source: 'claude-code', lowered } as const;
    expect(documentOf({ kind: 'alive', provisional: 'failure' }, { cap, waitFlags: ['--json'] })).toMatchObject({
      wait_result: 'alive',
      status: 'alive',
      reason: 'result-provisional',
      session_exit: null,
      summary: null,
      cap_ms: 110_000,
      cap_source: 'claude-code',
      next: { cmd: `csa session wait ${ID} --json --until-done`, tool_timeout_ms: 600_000 },
    });
  });

  it('has no cap when it waits until done', () => {
    const cap = { capMs: undefined, source: 'until-done' } as const;
    expect(documentOf({ kind: 'interrupted', daemon: 'alive' }, { cap, interruption: 'parent-gone' })).toMatchObject({
      cap_ms: null,
      cap_source: 'until-done',
      status: 'alive',
      reason: 'parent-gone',
      exit: 129,
    });
  });

  it('cuts a summary at 4,000 bytes', () => {
    const { summary } = documentOf(finished(outcomeOf('failure', 1, { summary: 'ü'.repeat(50_000) })));
    expect(Buffer.byteLength(String(summary))).toBeLessThanOrEqual(4_000);
    expect(summary).toMatch(/^ü{1990,}…$/);
  });
});
