import { describe, expect, it } from 'vitest';
import { decideRefresh, type RefreshFacts } from './decide-refresh.ts';
import { TRIGGERS } from './trigger.ts';

const MINUTE = 60_000;
const AGO = { kind: 'ago', ms: 2 * MINUTE } as const;
const JUST_NOW = { kind: 'ago', ms: 1_000 } as const;
const NEVER = { kind: 'never' } as const;

/** Nothing keeps it from being written. */
const FREE: RefreshFacts = {
  trigger: 'reactive',
  lock: 'ours',
  written: AGO,
  minIntervalMs: MINUTE,
  probe: 'changed',
  source: 'warm',
  render: 'full',
};

describe.each<[string, [string, Partial<RefreshFacts>, string][]]>([
  [
    'somebody else refreshes',
    [
      ['held by another', { lock: 'taken' }, 'refresh_in_progress'],
      ['held by another, whoever asks', { lock: 'taken', trigger: 'forced' }, 'refresh_in_progress'],
      ['held by another, and nothing was ever written', { lock: 'taken', written: NEVER }, 'refresh_in_progress'],
    ],
  ],
  [
    'it was just written',
    [
      ['a moment ago', { written: JUST_NOW }, 'min_interval_not_elapsed'],
      ['at this moment', { written: { kind: 'ago', ms: 0 } }, 'min_interval_not_elapsed'],
      ['a moment ago, on a tick', { written: JUST_NOW, trigger: 'periodic' }, 'min_interval_not_elapsed'],
      ['a moment ago, and asked for by hand', { written: JUST_NOW, trigger: 'forced' }, 'write'],
      ['almost an interval ago', { written: { kind: 'ago', ms: MINUTE - 1 } }, 'min_interval_not_elapsed'],
      ['an interval ago', { written: { kind: 'ago', ms: MINUTE } }, 'write'],
      ['a moment ago, without an interval', { written: JUST_NOW, minIntervalMs: 0 }, 'write'],
      ['never', { written: NEVER }, 'write'],
      ['by a clock that was set back a little', { written: { kind: 'ago', ms: -1_000 } }, 'min_interval_not_elapsed'],
      ['by a clock that was wrong by a year', { written: { kind: 'ago', ms: -365 * 24 * 60 * MINUTE } }, 'write'],
    ],
  ],
  [
    'nothing has happened',
    [
      ['since', { probe: 'unchanged' }, 'no_new_records'],
      ['since, and asked for by hand', { probe: 'unchanged', trigger: 'forced' }, 'no_new_records'],
      ['but nothing was ever written', { probe: 'unchanged', written: NEVER }, 'write'],
    ],
  ],
  [
    'the records cannot be looked at',
    [
      ['now', { probe: 'failed' }, 'probe_failed'],
      ['by whoever asks by hand', { probe: 'failed', trigger: 'forced' }, 'probe_failed'],
      ['although nothing was ever written', { probe: 'failed', written: NEVER }, 'probe_failed'],
    ],
  ],
  [
    'much has to be read first',
    [
      ['on a tick', { source: 'cold', trigger: 'periodic' }, 'source_cold'],
      [
        'on a tick, and nothing was ever written',
        { source: 'cold', trigger: 'periodic', written: NEVER },
        'source_cold',
      ],
      ['when a session starts or ends', { source: 'cold' }, 'write'],
      ['for whoever asks by hand', { source: 'cold', trigger: 'forced' }, 'write'],
    ],
  ],
  [
    'there is nothing to say',
    [
      ['now', { render: 'empty' }, 'empty_render'],
      ['to whoever asks by hand', { render: 'empty', trigger: 'forced' }, 'empty_render'],
      ['although nothing was ever written', { render: 'empty', written: NEVER }, 'empty_render'],
    ],
  ],
])('a refresh when %s', (_, cases) => {
  it.each(cases)('%s', (_what, facts, decision) => {
    expect(said({ ...FREE, ...facts } as RefreshFacts)).toBe(decision);
  });
});

it('whatever the facts, the first gate in the order of the contract that holds decides', () => {
  const combinations = everyCombination();
  expect(combinations).toHaveLength(3 * 2 * 8 * 2 * 4 * 3 * 3);
  const seen = new Set<string>();
  for (const facts of combinations) {
    const decision = said(facts);
    seen.add(decision);
    expect([facts, decision]).toEqual([facts, expected(facts)]);
  }
  expect(seen.size).toBe(7);
});

it('one more fact never lets through what the facts before have kept out', () => {
  for (const { probe, source, render, ...first } of everyCombination()) {
    const decisions = [
      first,
      { ...first, probe },
      { ...first, probe, source },
      { ...first, probe, source, render },
    ].map((facts) => said(facts as RefreshFacts));
    const kept = decisions.findIndex((decision) => decision !== 'write');
    if (kept !== -1) expect(new Set(decisions.slice(kept)).size).toBe(1);
  }
});

function said(facts: RefreshFacts): string {
  const decision = decideRefresh(facts);
  return decision.kind === 'skip' ? decision.reason : 'write';
}

/** The contract once more, as a reader would go through it. */
function expected({ trigger, lock, written, minIntervalMs, probe, source, render }: RefreshFacts): string {
  const isAbsent = written.kind === 'never';
  const isForced = trigger === 'forced';
  if (lock === 'taken') return 'refresh_in_progress';
  if (!isForced && !isAbsent && -minIntervalMs < written.ms && written.ms < minIntervalMs) {
    return 'min_interval_not_elapsed';
  }
  if (!isAbsent && probe === 'unchanged') return 'no_new_records';
  if (probe === 'failed') return 'probe_failed';
  if (source === 'cold' && trigger === 'periodic') return 'source_cold';
  return render === 'empty' ? 'empty_render' : 'write';
}

function everyCombination(): RefreshFacts[] {
  const ages = [-1e9, -MINUTE, -1, 0, MINUTE - 1, MINUTE, 1e9].map((ms) => ({ kind: 'ago', ms }) as const);
  return TRIGGERS.flatMap((trigger) =>
    (['ours', 'taken'] as const).flatMap((lock) =>
      [NEVER, ...ages].flatMap((written) =>
        [0, MINUTE].flatMap((minIntervalMs) =>
          ([undefined, 'changed', 'unchanged', 'failed'] as const).flatMap((probe) =>
            ([undefined, 'warm', 'cold'] as const).flatMap((source) =>
              ([undefined, 'full', 'empty'] as const).map(
                (render) => ({ trigger, lock, written, minIntervalMs, probe, source, render }) as RefreshFacts,
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
