import { type Tell, WARM_REASONS, type WarmEvent } from '@csa/warm';
import { expect, it } from 'vitest';
import { busyWords, speaking, stoppedWords, troubleWords } from './hold-words.ts';

const EVENT: WarmEvent = {
  event: 'warm_skipped',
  at: 1,
  session: '01M0F77JH0BVPHYFAVF40A3GZ5',
  caller: 'c',
  trigger: 'wait',
  driver: 'command',
  generation: 1,
};

/** What is said of these events, and how many were passed on. */
function saidOf(events: ReadonlyArray<Partial<WarmEvent>>): { lines: string[]; told: number } {
  const lines: string[] = [];
  let told = 0;
  const tell: Tell = speaking(
    () => {
      told += 1;
    },
    (line) => lines.push(line),
  );
  for (const event of events) tell({ ...EVENT, ...event });
  return { lines, told };
}

it('says each trouble once, and passes everything on', () => {
  const failed = { event: 'warm_failed', reason: 'driver_unavailable' } as const;
  const { lines, told } = saidOf([failed, failed, { reason: 'predicted_cold' }, failed]);
  expect([lines.length, told]).toEqual([2, 4]);
  expect(lines[0]).toContain('there is nothing that could send a request');
});

it('has words for a failure without a reason', () => {
  expect(saidOf([{ event: 'warm_failed' }]).lines).toHaveLength(1);
});

it.each(['not_due', 'min_interval_not_elapsed', 'session_active', 'backoff'] as const)(
  'says nothing of what is no trouble: %s',
  (reason) => {
    expect(saidOf([{ reason }, { event: 'warm_started' }, { event: 'warm_success' }]).lines).toEqual([]);
  },
);

it('promises with every line that the wait goes on', () => {
  for (const reason of WARM_REASONS) expect(stoppedWords(reason)).toMatch(/\. The wait goes on\.$/);
  expect(troubleWords(new Error('first line\nsecond'))).toBe(
    'the cache is not kept warm: first line. The wait goes on.',
  );
  for (const holder of ['heartbeat', 'wait', 'unknown'] as const) {
    expect(busyWords(holder)).toMatch(/^this wait does not keep the cache warm: .+ already$/);
  }
});
