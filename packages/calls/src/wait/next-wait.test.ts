import { SESSION_ID as ID } from '@csa/testkit';
import { expect, it } from 'vitest';
import { Hints } from '../hints.ts';
import type { CapChoice } from './cap.ts';
import { nextWait } from './next-wait.ts';
import type { WaitStory } from './wait-story.ts';

function aliveStory(rest: Pick<WaitStory, 'cap'> & Partial<WaitStory>): WaitStory {
  const waited = { end: { kind: 'alive' }, elapsedMs: 1, eventsComplete: true } as const;
  const names = { session: ID, target: { id: ID }, hints: new Hints(['csa']) };
  return { waited, ...names, aliveExitCode: 0, waitFlags: [], hasOutput: true, ...rest };
}

const lowered = (fullCapMs: number, toolMaxMs: number): CapChoice => ({
  capMs: 110_000,
  source: 'claude-code',
  lowered: { fullCapMs, toolMaxMs },
});
const WAIT = `csa session wait ${ID}`;

it.each<[string, CapChoice, object]>([
  ['the same again', { capMs: 240_000, source: 'default' }, { action: 're-wait', cmd: WAIT }],
  ['the same again without a cap', { capMs: undefined, source: 'ci' }, { action: 're-wait', cmd: WAIT }],
  [
    'more time from the tool',
    lowered(240_000, 600_000),
    { action: 're-wait', cmd: WAIT, fullCmd: `${WAIT} --cap 240s`, toolTimeoutMs: 250_000 },
  ],
  [
    'as much as the tool can give',
    lowered(590_000, 600_000),
    { action: 're-wait', cmd: WAIT, fullCmd: `${WAIT} --cap 590s`, toolTimeoutMs: 600_000 },
  ],
  [
    'no more than it can give',
    lowered(590_001, 600_000),
    { action: 'background', cmd: `${WAIT} --until-done`, toolTimeoutMs: 600_000 },
  ],
  [
    'odd milliseconds',
    lowered(240_001, 600_000),
    { action: 're-wait', cmd: WAIT, fullCmd: `${WAIT} --cap 240001ms`, toolTimeoutMs: 250_001 },
  ],
  [
    'a wait in the background once keeping the cache warm pays no more',
    { capMs: 240_000, source: 'flag', paysNoMore: true },
    { action: 'background', cmd: `${WAIT} --until-done` },
  ],
  [
    'the same from a tool with a limit',
    { ...lowered(240_000, 600_000), paysNoMore: true },
    { action: 'background', cmd: `${WAIT} --until-done`, toolTimeoutMs: 600_000 },
  ],
])('asks for %s', (_, cap, next) => {
  expect(nextWait(aliveStory({ cap }))).toEqual(next);
});

it('repeats the flags, and the directory where an id alone would not be found', () => {
  const around = { waitFlags: ['--trust-result', '--json'], target: { id: ID, directory: '/s p/x' } };
  expect(nextWait(aliveStory({ ...around, cap: lowered(240_000, 600_000) }))).toMatchObject({
    cmd: "csa session wait --dir '/s p/x' --trust-result --json",
    fullCmd: "csa session wait --dir '/s p/x' --trust-result --json --cap 240s",
  });
  expect(nextWait(aliveStory({ ...around, cap: lowered(900_000, 600_000) })).cmd).toBe(
    "csa session wait --dir '/s p/x' --trust-result --json --until-done",
  );
});
