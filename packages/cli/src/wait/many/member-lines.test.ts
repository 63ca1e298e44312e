import { Hints } from '@csa/calls';
import type { WaitEnd } from '@csa/wait';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDS } from '../wait-ends.test.data.ts';
import { hostileStory } from '../wait-hostile.test.data.ts';
import { attributesOf, finished, markersOf, OTHER, outcomeOf } from '../wait-story.test.fixture.ts';
import { reportMany } from './many-report.ts';
import { idAt, manyOf, memberOf, onlyCounting } from './many-story.test.fixture.ts';
import type { WordedMany } from './many-words.ts';
import { memberLines } from './member-lines.ts';

const LONG = 'ä"'.repeat(400);
const FINE = finished(outcomeOf('success', 0, { summary: LONG }));
const FAILED = finished(outcomeOf('failure', 3, { summary: LONG, detail: LONG }));
const ALIVE: WaitEnd = { kind: 'alive', provisional: LONG };
const HIDDEN: WaitEnd = { kind: 'undetermined', reason: 'other-pid-namespace', provisional: LONG };
const bytes = (text: string): number => Buffer.byteLength(text);

const sessionsOf = (many: WordedMany) =>
  markersOf(reportMany(many)).flatMap((marker) => attributesOf(marker)['session'] ?? []);

describe('the lines of the sessions', () => {
  it('come with those first that failed, then dead and unknown, then living, then finished ones', () => {
    const many = manyOf([finished(outcomeOf('success', 0)), { kind: 'alive' }, { kind: 'dead' }]);
    const members = [...many.members, memberOf(finished(outcomeOf('failure', 3)), 3)];
    expect(sessionsOf({ ...many, members })).toEqual([idAt(3), idAt(2), idAt(1), idAt(0)]);
  });

  it('come with those first that the answer is made of', () => {
    const many = onlyCounting(manyOf([{ kind: 'alive' }, FAILED, finished(outcomeOf('success', 0))]), 2);
    expect(sessionsOf(many)[0]).toBe(idAt(2));
  });

  it('say what a wait for that session alone would say of it', () => {
    const lines = memberLines([
      memberOf(finished(outcomeOf('timeout', 143, { summary: 'x y', detail: 'time-limit' })), 0, { resolved: OTHER }),
      memberOf({ kind: 'alive' }, 1, { idleMs: 4_999, stalled: true }),
      memberOf({ kind: 'dead' }, 2, { survivor: 4711 }),
    ]).lines;
    expect(lines).toEqual([
      `<!-- CSA:SESSION_RESULT session=${idAt(0)} resolved=${OTHER} status=timeout session_exit=143 signal=SIGTERM summary="x y" reason=time-limit result_cmd="csa session result ${idAt(0)}" logs_cmd="csa session logs ${idAt(0)}" -->`,
      `<!-- CSA:SESSION_STATE session=${idAt(2)} status=dead cmd="csa session status ${idAt(2)} --explain" survivor=4711 stop_cmd="csa session stop ${idAt(2)}" -->`,
      `<!-- CSA:SESSION_STATE session=${idAt(1)} status=alive idle=4s stalled=true cmd="csa session status ${idAt(1)}" -->`,
    ]);
  });

  it('get shorter as they become more, and then fewer than all', () => {
    const of = (count: number) => memberLines(manyOf(Array(count).fill(FAILED)).members);
    const lengths = [1, 3, 5].map((count) => bytes(of(count).lines[0] ?? ''));
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(new Set(lengths).size).toBeGreaterThan(1);
    expect(of(5).omitted).toBe(0);
    expect(of(200).lines.length + of(200).omitted).toBe(200);
    expect(of(200).lines.length).toBeGreaterThanOrEqual(5);
  });
});

describe('the whole of stdout', () => {
  /** What the caller typed is as long as it is: its ids in the commands are no part of a budget. */
  const withoutIds = (line: string): string => line.replace(/( session wait) [^"]*?(?= --a| --c)/g, '$1');
  const sizeOf = (many: WordedMany): number => {
    const lines = reportMany(many).stdout.map(withoutIds);
    return bytes(`${lines.join('\n')}\n`);
  };

  it.each([1, 2, 5, 12, 200])('stays within 2,048 bytes with %d sessions of any kind', (count) => {
    const lowered = { fullCapMs: 589_999, toolMaxMs: 600_000 };
    const cap = { capMs: 110_000, source: 'claude-code', lowered } as const;
    for (const { end, story } of [...ENDS, { end: FINE, story: {} }, { end: FAILED, story: {} }]) {
      if (end.kind === 'interrupted') continue;
      for (const other of [end, ALIVE, HIDDEN, FAILED]) {
        const members = Array.from({ length: count }, (_, i) =>
          memberOf(i % 2 === 0 ? end : other, i, { ...story, resolved: OTHER }),
        );
        for (const outcome of ['unmet', 'interrupted'] as const) {
          const many = manyOf([end], { members, outcome, cap, interruption: 'SIGTERM', aliveExitCode: 255 });
          expect(sizeOf(many), `${end.kind} and ${other.kind}, ${outcome}`).toBeLessThanOrEqual(2_048);
        }
      }
    }
  });

  it('says how many are left out, and no session is told twice', () => {
    const many = manyOf(Array(200).fill(FAILED));
    const told = sessionsOf(many);
    expect(new Set(told).size).toBe(told.length);
    expect(attributesOf(markersOf(reportMany(many)).at(-1))['omitted']).toBe(String(200 - told.length));
  });

  it('is not shortened for the length of paths', () => {
    const hints = new Hints([`/${'x'.repeat(300)}/node`, `/${'y'.repeat(300)}/csa.js`]);
    const plain = manyOf([FINE, FAILED, ALIVE]);
    const long = {
      ...plain,
      hints,
      members: plain.members.map(({ story }) => ({
        counts: true,
        story: { ...story, hints, target: { ...story.target, directory: `/${'z'.repeat(300)}` } },
      })),
    };
    expect(sessionsOf(long)).toEqual(sessionsOf(plain));
  });

  it('is whole markers and one status, last, whatever the sessions say of themselves', () => {
    fc.assert(
      fc.property(fc.array(hostileStory(), { minLength: 1, maxLength: 6 }), (stories) => {
        const members = stories.map((story, i) => ({ counts: true, story: { ...story, session: idAt(i) } }));
        const many = manyOf(
          stories.map(({ waited }) => waited.end),
          { members },
        );
        const said = reportMany(many);
        const names = markersOf(said).map(({ name }) => name);
        expect(names.filter((name) => name.startsWith('SESSION_WAIT_'))).toEqual([names.at(-1)]);
        expect(said.stdout.join('').match(/<!--\s*CSA:/gi)).toHaveLength(names.length);
        expect(said.stderr.join('\n')).not.toMatch(/<!--\s*CSA:/i);
        for (const line of [...said.stdout, ...said.stderr]) expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        expect(sizeOf(many)).toBeLessThanOrEqual(2_048);
        expect(reportMany({ ...many, json: true }).exitCode).toBe(said.exitCode);
      }),
      { numRuns: 150 },
    );
  });
});
