import { formatDuration } from '@csa/calls';
import { describe, expect, it } from 'vitest';
import type { EndCase } from './finished-ends.test.data.ts';
import { ENDS } from './wait-ends.test.data.ts';
import { report } from './wait-report.ts';
import { attributesOf, ID, markersOf, OTHER, statusMarker, storyOf } from './wait-story.test.fixture.ts';
import type { WordedWait } from './worded-wait.ts';

/** What stands around every end: an alias that was followed or not, and the code of an alive ending. */
const SURROUNDINGS = [undefined, OTHER].flatMap((resolved) =>
  [0, 75].map((aliveExitCode) => ({ resolved, aliveExitCode })),
);

function told(c: EndCase, around: Partial<WordedWait>) {
  return report(storyOf(c.end, { ...c.story, ...around }));
}

describe.each(ENDS)('$name', (c) => {
  it.each(SURROUNDINGS)('has its exit code, in markers and in JSON ($resolved, $aliveExitCode)', (around) => {
    const exit = c.exit === 'alive' ? around.aliveExitCode : c.exit;
    expect(told(c, around).exitCode).toBe(exit);
    const json = told(c, { ...around, json: true });
    expect(json.exitCode).toBe(exit);
    expect(JSON.parse(json.stdout.join('\n'))).toMatchObject({ exit, wait_result: c.result });
  });

  it.each(SURROUNDINGS)('ends in exactly one status marker that says so ($resolved, $aliveExitCode)', (around) => {
    const said = told(c, around);
    const before = { SESSION_WAIT_COMPLETED: ['SESSION_RESULT'], SESSION_WAIT_KV_WARM: ['CALLER_HINT'] }[c.marker];
    expect(markersOf(said).map(({ name }) => name)).toEqual([...(before ?? []), c.marker]);
    const { cmd, full_cmd, stop_cmd, elapsed, ...rest } = attributesOf(statusMarker(said));
    const resolved = around.resolved === undefined ? {} : { resolved: OTHER };
    // Two ids leave no room for the hint in the shorter of the two; the words have it.
    const { hint, ...says } = c.says;
    const hinted = hint === undefined || (c.marker === 'SESSION_WAIT_UNKNOWN' && around.resolved) ? {} : { hint };
    expect(rest).toEqual({ session: ID, ...resolved, ...says, ...hinted });
    expect(said.stderr.join().includes('--trust-result')).toBe(hint !== undefined);
    expect(elapsed).toBe(['INTERRUPTED', 'ERROR'].some((name) => c.marker.endsWith(name)) ? undefined : '12s');
  });

  it('says something to people too, and in JSON nothing but warnings', () => {
    expect(told(c, {}).stderr.length).toBeGreaterThan(0);
    expect(told(c, { json: true }).stderr).toEqual([]);
    expect(told(c, { json: true, notes: ['a warning'] }).stderr).toEqual(['csa: a warning']);
  });

  it('needs its output only where the code alone would pass for something else', () => {
    expect([told(c, {}).needsOutput, told(c, { json: true }).needsOutput]).toEqual(
      c.exit === 'alive' ? [true, true] : [false, false],
    );
  });
});

describe('the commands of a status marker', () => {
  const command = (c: EndCase) => {
    const { cmd, full_cmd, stop_cmd } = attributesOf(statusMarker(told(c, {})));
    return { cmd, full_cmd, stop_cmd };
  };
  const named = (name: string) => ENDS.filter((c) => c.name === name).map(command);
  const wait = `csa session wait ${ID}`;

  it.each([
    ['alive', { cmd: wait }],
    ['alive at a lowered cap', { cmd: wait, full_cmd: `${wait} --cap ${formatDuration(240_000)}` }],
    ['alive where no call lasts as long as pays', { cmd: `${wait} --until-done` }],
    ['dead', { cmd: `csa session status ${ID} --explain` }],
    ['dead with a survivor', { cmd: `csa session status ${ID} --explain`, stop_cmd: `csa session stop ${ID}` }],
    ['unknown, starting', { cmd: wait }],
    ['interrupted by SIGINT, alive', { cmd: wait, stop_cmd: `csa session stop ${ID}` }],
    ['registry-lost', { cmd: 'csa session list' }],
    ['success', {}],
  ])('%s', (name, commands) => {
    expect(named(name)).toEqual([{ cmd: undefined, full_cmd: undefined, stop_cmd: undefined, ...commands }]);
  });

  it('repeat the flags of the wait, the safe ones before the longer cap', () => {
    const story = storyOf(
      { kind: 'alive' },
      {
        waitFlags: ['--alive-exit-code', '75'],
        cap: { capMs: 110_000, source: 'claude-code', lowered: { fullCapMs: 240_000, toolMaxMs: 600_000 } },
      },
    );
    expect(attributesOf(statusMarker(report(story)))).toMatchObject({
      cmd: `${wait} --alive-exit-code 75`,
      full_cmd: `${wait} --alive-exit-code 75 --cap 240s`,
    });
  });
});

it('tells a CI script that alive is not done, unless it chose a code for that', () => {
  const words = (isCi: boolean, aliveExitCode: number, json: boolean) =>
    report(storyOf({ kind: 'alive' }, { isCi, aliveExitCode, json })).stderr.filter((line) => line.includes('CI'));
  expect([words(true, 0, false).length, words(true, 0, true).length]).toEqual([1, 1]);
  expect([words(false, 0, false), words(true, 75, false), words(true, 75, true)]).toEqual([[], [], []]);
});
