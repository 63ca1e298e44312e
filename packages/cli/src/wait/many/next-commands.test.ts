import { waitForRest } from '@csa/calls/many';
import { parseMarkers } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import { finished, outcomeOf } from '../wait-story.test.fixture.ts';
import { reportMany } from './many-report.ts';
import { idAt, manyOf, onlyCounting } from './many-story.test.fixture.ts';
import type { WordedMany } from './many-words.ts';

const FINE = finished(outcomeOf('success', 0, { summary: 'x'.repeat(400) }));
const BAD = finished(outcomeOf('failure', 3, { summary: '"<&>'.repeat(100) }));
const DEAD: WaitEnd = { kind: 'dead' };
const ALIVE: WaitEnd = { kind: 'alive', provisional: 'tier_failover_superseded' };
const HIDDEN: WaitEnd = { kind: 'undetermined', reason: 'other-pid-namespace' };
const LOST: WaitEnd = { kind: 'lost' };
const LOOP: WaitEnd = { kind: 'alias-trouble', reason: 'alias-loop' };

const LOWERED = {
  capMs: 110_000,
  source: 'claude-code',
  lowered: { fullCapMs: 240_000, toolMaxMs: 600_000 },
} as const;

/** The first are as said, all the others as the last. */
const manyLike = (size: number, ends: readonly WaitEnd[]): WaitEnd[] =>
  Array.from({ length: size }, (_, i) => ends[Math.min(i, ends.length - 1)] ?? FINE);

const statusOf = (many: WordedMany) => {
  const marker = parseMarkers(reportMany(many).stdout.join('\n')).at(-1);
  if (marker === undefined) throw new Error('no marker');
  return marker;
};

describe('the commands of an answer', () => {
  const WAITS: [string, (size: number) => WordedMany][] = [
    ['alive', (size) => manyOf(manyLike(size, [BAD, ALIVE]), { cap: LOWERED })],
    ['alive, asked with every flag', (size) => withFlags(manyOf(manyLike(size, [ALIVE]), { cap: LOWERED }))],
    ['alive in the background', (size) => manyOf(manyLike(size, [ALIVE]), { cap: inBackground() })],
    ['first of any', (size) => onlyCounting(manyOf(manyLike(size, [FINE, ALIVE, BAD])), 0)],
    ['dead', (size) => manyOf(manyLike(size, [DEAD, HIDDEN, ALIVE]))],
    ['unknown', (size) => manyOf(manyLike(size, [HIDDEN, FINE]))],
    ['lost', (size) => manyOf(manyLike(size, [LOST, ALIVE]))],
    [
      'interrupted',
      (size) => manyOf(manyLike(size, [BAD, ALIVE]), { outcome: 'interrupted', interruption: 'SIGTERM' }),
    ],
  ];
  const withFlags = (many: WordedMany): WordedMany => ({
    ...many,
    waitFlags: ['--cap', '50s', '--alive-exit-code', '75', '--trust-result', '--heartbeat', '30s'],
  });
  const inBackground = () => ({ ...LOWERED, lowered: { fullCapMs: 3_300_000, toolMaxMs: 600_000 } });
  const bytes = (text: string): number => Buffer.byteLength(text);

  it.each(WAITS.flatMap(([name, story]) => [2, 5, 10, 60, 200].map((size) => [size, name, story] as const)))(
    'of %i sessions leave the budgets alone, but for the one that names them all: %s',
    (size, _, story) => {
      const many = story(size);
      const { stdout } = reportMany(many);
      const { name, attributes } = statusOf(many);
      const naming = [...attributes].filter(([, value]) => value.split(' ').filter(isId).length > 1);
      const one = bytes(naming[0]?.[1] ?? '');
      const budget = name === 'SESSION_WAIT_KV_WARM' ? 450 : 300;
      expect(bytes(stdout.at(-1) ?? '') - one, stdout.at(-1)).toBeLessThanOrEqual(budget);
      expect(bytes(stdout.join('\n')) + 1 - one).toBeLessThanOrEqual(2_048);
      if (size > 10) expect(naming.length).toBeLessThanOrEqual(1);
    },
  );

  it.each(WAITS)('are not repeated for people where they are long: %s', (_, story) => {
    const words = reportMany(story(200)).stderr.join('\n');
    const command = [...statusOf(story(200)).attributes.values()].find((value) => value.includes(' session wait '));
    expect(words.includes(command ?? 'nothing')).toBe(false);
    expect(words).toMatch(/with the (?:rest_)?cmd of the marker/);
  });

  it('name many by the beginnings of their ids where that was found safe, and few by their ids', () => {
    const shortNames = { project: '/home/dev/a b', nameOf: (id: string) => id.slice(-3) };
    const cmdOf = (size: number) => statusOf(manyOf(manyLike(size, [ALIVE]), { shortNames })).attributes.get('cmd');
    expect(cmdOf(2)).toBe(`csa session wait ${idAt(0)} ${idAt(1)} --all`);
    expect(cmdOf(12)).toBe(
      "csa session wait --cd '/home/dev/a b' 000 001 002 003 004 005 006 007 008 009 010 011 --all",
    );
  });

  function isId(word: string): boolean {
    return /^01M0F77JH0BVPHYFAVF4\d{6}$/.test(word);
  }
});

describe('the wait for the rest', () => {
  const wait = (names: readonly number[], ...flags: string[]): string =>
    ['csa session wait', ...names.map(idAt), ...flags].join(' ');

  it.each<[string, WaitEnd[], string | undefined]>([
    ['nothing is left', [FINE, BAD, DEAD], undefined],
    ['one is dead, one lives', [FINE, DEAD, ALIVE], wait([2], '--all')],
    ['one failed, one is unknown', [BAD, HIDDEN, FINE], wait([1], '--all')],
    ['one is removed, one lives', [LOST, FINE, ALIVE], wait([2], '--all')],
    ['one is removed, the others have ended', [LOST, FINE], undefined],
    ['one stands for another that cannot be followed', [LOOP, FINE, ALIVE], wait([0, 2], '--all')],
  ])('of all names those that have not ended: %s', (_, ends, command) => {
    expect(waitForRest(manyOf(ends))).toBe(command);
  });

  it.each<[string, WaitEnd[], number, string]>([
    ['a dead one has ended, too', [DEAD, FINE, ALIVE, ALIVE], 3, wait([2, 3], '--count', '1')],
    ['none has ended', [ALIVE, LOST, HIDDEN], 3, wait([0, 2], '--count', '2')],
  ])('of a number of them asks for as many as are missing: %s', (_, ends, count, command) => {
    expect(waitForRest(manyOf(ends, { need: { mode: 'count', count }, outcome: 'unmet' }))).toBe(command);
  });

  it('of any that is not met still asks for any', () => {
    const need = { mode: 'any', count: 1 } as const;
    expect(waitForRest(manyOf([LOST, ALIVE, ALIVE], { need }))).toBe(wait([1, 2], '--any'));
  });

  it.each<[string, number[], string]>([
    ['--any', [1], wait([0, 2, 3], '--any')],
    ['--count', [1, 3], wait([0, 2], '--all')],
  ])('after %s names those that it was not about: one that ended since has an answer of its own', (_, of, command) => {
    expect(waitForRest(onlyCounting(manyOf([ALIVE, FINE, BAD, DEAD]), ...of))).toBe(command);
  });
});
