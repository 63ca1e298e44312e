import type { BriefReading, RefreshOutcome, SkipReason, Watermark } from '@csa/brief';
import { describe, expect, it } from 'vitest';
import { readingNotes, refreshWords } from './brief-words.ts';

const FILE = '/state/p/brief.md';
const MARK: Watermark = {
  records_count: 1,
  max_id: null,
  max_started_at: null,
  max_completed_at: null,
  sequence: 0,
};
const FUTURE = 'csa: warning: the brief was written in the future, by this clock: its age counts as 0';

describe('what a refresh did is said:', () => {
  it.each<[RefreshOutcome, RegExp]>([
    [
      { kind: 'written', renderedChars: 7, watermark: MARK },
      /^csa: the brief was written, 7 characters: \/state\/p\/brief.md$/,
    ],
    [{ kind: 'unchanged-bytes', renderedChars: 7, watermark: MARK }, /left as it is: \/state\/p\/brief.md$/],
    [{ kind: 'failed', error: new Error('no\n\u001b[31mroom') }, /could not be written: no room; what is printed/],
    [{ kind: 'failed', error: 'thrown' }, /could not be written: thrown;/],
  ])('%o', (outcome, words) => {
    expect(refreshWords(outcome, FILE)).toMatch(words);
  });

  it.each<SkipReason>([
    'refresh_in_progress',
    'min_interval_not_elapsed',
    'no_new_records',
    'probe_failed',
    'source_cold',
    'empty_render',
  ])('why it was skipped, in words and for programs: %s', (reason) => {
    const words = refreshWords({ kind: 'skipped', reason }, FILE);
    expect(words).toMatch(new RegExp(`^csa: the brief was not written: .{20,} \\(${reason}\\)$`));
  });
});

describe('where a brief came from is said:', () => {
  it.each<[BriefReading, string[], string[]]>([
    [{ kind: 'hit', text: 'x', ageMs: 12_999, isFuture: false }, [], ['cache-hit age=12s']],
    [{ kind: 'hit', text: 'x', ageMs: 0, isFuture: true }, [FUTURE], [FUTURE, 'cache-hit age=0s']],
    [
      { kind: 'live', why: 'stale', text: 'x', ageMs: 50_000_000, isFuture: false },
      [],
      ['cache-stale age=50000s max=43200s: rendered live'],
    ],
    [
      { kind: 'live', why: 'changed', text: 'x', ageMs: 0, isFuture: true },
      [FUTURE],
      [FUTURE, 'cache-changed age=0s: rendered live'],
    ],
    [
      { kind: 'live', why: 'foreign', text: 'x', ageMs: 1_000, isFuture: false },
      [],
      ['cache-foreign age=1s: rendered live'],
    ],
    [{ kind: 'live', why: 'absent', text: 'x' }, [], ['cache-absent: rendered live']],
    [{ kind: 'none', why: 'nothing_to_say' }, [], ['rendered live: nothing to say']],
    [{ kind: 'none', why: 'too_slow' }, [], ['rendering took too long: no brief']],
    [{ kind: 'none', why: 'failed', error: new Error('a\nb') }, ['csa: no brief: a b'], ['csa: no brief: a b']],
  ])('%o', (reading, always, verbose) => {
    expect(readingNotes(reading, 43_200_000, false)).toEqual(always);
    expect(readingNotes(reading, 43_200_000, true)).toEqual(verbose);
  });
});
