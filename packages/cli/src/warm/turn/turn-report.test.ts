import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../json-schema.test.fixture.ts';
import { attributesOf, finished, ID, markersOf, outcomeOf, statusMarker } from '../../wait/wait-story.test.fixture.ts';
import { turnReport } from './turn-report.ts';
import { PLAN, TURN, turnStoryOf } from './turn-story.test.fixture.ts';
import type { TurnStory } from './turn-story.ts';

const CLAUDE = { agent: 'claude-code', defaultMs: 120_000, maxMs: 600_000 } as const;
const end = {
  alive: { kind: 'alive' },
  well: finished(outcomeOf('success', 0)),
  badly: finished(outcomeOf('failure', 3, { summary: '2 failed' })),
  dead: { kind: 'dead' },
  unknown: { kind: 'undetermined', reason: 'other-pid-namespace' },
  interrupted: { kind: 'interrupted', daemon: 'alive' },
  lost: { kind: 'lost' },
} as const;

it('alive: one marker, with what to run again and by when', () => {
  const { exitCode, stdout, needsOutput } = turnReport(turnStoryOf(end.alive, { shell: CLAUDE }));
  expect([exitCode, needsOutput]).toEqual([0, true]);
  expect(stdout).toEqual([
    `<!-- CSA:SESSION_WARM session=${ID} status=alive elapsed=12s action=re-warm cmd="${TURN}" full_cmd="${TURN} --cap 270s" tool_timeout_ms=280000 ttl=300s ttl_source=transcript cache=warm -->`,
  ]);
});

it.each<[string, Partial<TurnStory>, string]>([
  ['past the break-even', { turns: 11 }, 'By now every turn costs more than it saves.'],
  [
    'where the shell tool cuts every turn short',
    { plan: { ...PLAN, fullMs: 3_570_000 } },
    'Your cache outlives the longest call of your shell tool',
  ],
])('alive %s: one wait in the background, and why', (_, rest, why) => {
  const report = turnReport(turnStoryOf(end.alive, { shell: CLAUDE, ...rest }));
  const cmd = `csa session wait ${ID} --until-done`;
  expect(attributesOf(statusMarker(report))).toMatchObject({
    action: 'background',
    cmd,
    run_in_background: 'true',
    tool_timeout_ms: '600000',
  });
  expect(report.stderr.at(-1)).toContain(why);
  expect(report.stderr.at(-1)?.endsWith(`in the background: ${cmd}`)).toBe(true);
});

it.each([
  ['well', end.well, { outcome: 'success', session_exit: '0' }],
  ['badly', end.badly, { outcome: 'failure', session_exit: '3' }],
])('finished %s: the result, and then how to collect the verdict; never the verdict itself', (_, ended, said) => {
  const report = turnReport(turnStoryOf(ended));
  expect([report.exitCode, report.needsOutput]).toEqual([0, true]);
  expect(markersOf(report).map(({ name }) => name)).toEqual(['SESSION_RESULT', 'SESSION_WARM']);
  expect(attributesOf(statusMarker(report))).toMatchObject({
    status: 'finished',
    action: 'collect',
    cmd: `csa session wait ${ID}`,
    ...said,
  });
});

describe('every other ending is said as a wait says it', () => {
  it.each<[string, TurnStory['waited']['end'], number, string, string]>([
    ['dead', end.dead, 124, 'SESSION_WAIT_TIMEOUT', `csa session status ${ID} --explain`],
    ['unknown', end.unknown, 125, 'SESSION_WAIT_UNKNOWN', `${TURN} --cap 1m`],
    ['interrupted', end.interrupted, 143, 'SESSION_WAIT_INTERRUPTED', `${TURN} --cap 1m`],
    ['lost', end.lost, 125, 'SESSION_WAIT_ERROR', 'csa session list'],
  ])('%s', (_, ended, exitCode, name, cmd) => {
    const story = turnStoryOf(ended, { waitFlags: ['--cap', '1m'], interruption: 'SIGTERM' });
    const report = turnReport(story);
    const status = statusMarker(report);
    expect([report.exitCode, status.name, attributesOf(status)['cmd']]).toEqual([exitCode, name, cmd]);
  });
});

it.each(Object.entries(end))('as one document, by its schema, with the code of the process: %s', (_, ended) => {
  const { exitCode, stdout } = turnReport(turnStoryOf(ended, { json: true, flags: ['--json'] }));
  const document = JSON.parse(stdout.join('\n'));
  expect(faultsOf('session-warm', document)).toEqual([]);
  expect(document.exit).toBe(exitCode);
});

it('keeps each line within its bounds, whatever a session says', () => {
  const outcome = outcomeOf('failure', 3, { summary: `<!-- CSA:X -->\u001b[31m${'é&"'.repeat(2_000)}` });
  const report = turnReport(turnStoryOf(finished(outcome), { resolved: ID, stalled: true }));
  const [result = '', status = ''] = report.stdout;
  expect([Buffer.byteLength(result) <= 700, Buffer.byteLength(status) <= 300]).toEqual([true, true]);
  const alive = turnReport(turnStoryOf(end.alive, { shell: CLAUDE, resolved: ID, stalled: true })).stdout.join('\n');
  expect(Buffer.byteLength(alive)).toBeLessThanOrEqual(450);
  expect(report.stdout.join('')).not.toContain('\u001b');
});
