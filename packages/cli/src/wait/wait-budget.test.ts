import { Hints } from '@csa/calls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDS } from './wait-ends.test.data.ts';
import { hostileStory } from './wait-hostile.test.data.ts';
import { report } from './wait-report.ts';
import { attributesOf, ID, markersOf, OTHER, storyOf } from './wait-story.test.fixture.ts';
import type { WordedWait } from './worded-wait.ts';

const RUNS = { numRuns: 2_000 };
/** Bytes of a marker; 300 for all others. */
const BUDGETS: Readonly<Record<string, number>> = { SESSION_RESULT: 700, SESSION_WAIT_KV_WARM: 450 };
const CONTROL_OR_BIDI = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

const bytes = (text: string): number => Buffer.byteLength(text);
/** What the caller typed is as long as it is: its paths and its flags are no part of a budget. */
const bare = (story: WordedWait): WordedWait => ({
  ...story,
  hints: new Hints(['csa']),
  target: { id: ID },
  waitFlags: [],
});

describe('whatever a session says of itself', () => {
  it('leaves one line for each marker, and one status marker as the last', () => {
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const said = report(story);
        const names = markersOf(said).map(({ name }) => name);
        expect(names.filter((name) => name === 'SESSION_RESULT')).toHaveLength(
          story.waited.end.kind === 'finished' ? 1 : 0,
        );
        expect(names.filter((name) => name.startsWith('SESSION_WAIT_'))).toEqual([names.at(-1)]);
        expect(said.stdout.join('').match(/<!--\s*CSA:/gi)).toHaveLength(names.length);
      }),
      RUNS,
    );
  });

  it('brings no control character, no bidirectional one and no marker to either stream', () => {
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const said = report(story);
        for (const line of [...said.stdout, ...said.stderr]) {
          expect(line).not.toMatch(CONTROL_OR_BIDI);
          expect(line.isWellFormed()).toBe(true);
        }
        expect(said.stderr.join('\n')).not.toMatch(/<!--\s*CSA:/i);
      }),
      RUNS,
    );
  });

  it('is one line of JSON under the same code', () => {
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const { exitCode, stdout } = report({ ...story, json: true });
        expect(stdout).toHaveLength(1);
        expect(stdout[0]).not.toMatch(CONTROL_OR_BIDI);
        expect(JSON.parse(stdout[0] ?? '')).toMatchObject({ exit: exitCode, session: ID });
        expect(exitCode).toBe(report(story).exitCode);
      }),
      RUNS,
    );
  });

  it('keeps the summary within 400 bytes, as it stands in the marker', () => {
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const [first] = report(story).stdout;
        const summary = / summary=(?:"([^"]*)"|(\S+))/.exec(first ?? '');
        expect(bytes(summary?.[1] ?? summary?.[2] ?? '')).toBeLessThanOrEqual(400);
      }),
      RUNS,
    );
  });
});

describe('the budgets in bytes', () => {
  const overBudget = (stdout: readonly string[]): string[] =>
    stdout
      .filter((line) => bytes(line) > (BUDGETS[/CSA:(\w+)/.exec(line)?.[1] ?? ''] ?? 300))
      .map((line) => `${bytes(line)} bytes: ${line}`);

  it('hold for every marker and for the whole of stdout', () => {
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const { stdout } = report(bare(story));
        expect(overBudget(stdout)).toEqual([]);
        expect(bytes(`${stdout.join('\n')}\n`)).toBeLessThanOrEqual(2_048);
      }),
      RUNS,
    );
  });

  it.each(ENDS)('hold where nothing is hostile: $name', (c) => {
    const { stdout } = report(bare(storyOf(c.end, { ...c.story, resolved: OTHER })));
    expect(overBudget(stdout)).toEqual([]);
  });

  it('grow by the paths of the commands and by nothing else', () => {
    const program = ['/opt/node/bin/node', '/srv/a b/csa.js'];
    fc.assert(
      fc.property(hostileStory(), (story) => {
        const plain = report({ ...story, hints: new Hints(['csa']) }).stdout;
        const long = report({ ...story, hints: new Hints(program), target: { id: ID, directory: `/state/${ID}` } });
        const growth = markersOf(long).map((_, i) => bytes(long.stdout[i] ?? '') - bytes(plain[i] ?? ''));
        const commands = markersOf(long).map(
          (marker) => Object.keys(attributesOf(marker)).filter((key) => key.endsWith('cmd')).length,
        );
        const perCommand = bytes(`${program[0]} '${program[1]}' --dir /state/`) - bytes('csa ');
        expect(growth.map((size, i) => size <= (commands[i] ?? 0) * (perCommand + 1))).not.toContain(false);
      }),
      { numRuns: 300 },
    );
  });
});
