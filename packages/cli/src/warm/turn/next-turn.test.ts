import type { ShellLimit } from '@csa/calls/settings';
import { expect, it } from 'vitest';
import { ID } from '../../wait/wait-story.test.fixture.ts';
import { nextTurn } from './next-turn.ts';
import { PLAN, TURN, turnStoryOf } from './turn-story.test.fixture.ts';
import type { TurnStory } from './turn-story.ts';

const shell = (defaultMs: number, maxMs: number): ShellLimit => ({ agent: 'claude-code', defaultMs, maxMs });
const CLAUDE = shell(120_000, 600_000);
const WAIT = `csa session wait ${ID} --until-done`;

it.each<[string, Partial<TurnStory>, object]>([
  ['the same again', {}, { action: 're-warm', cmd: TURN, toolTimeoutMs: 280_000 }],
  [
    'more time from the shell tool',
    { shell: CLAUDE },
    { action: 're-warm', cmd: TURN, fullCmd: `${TURN} --cap 270s`, toolTimeoutMs: 280_000 },
  ],
  [
    'nothing of one with room enough',
    { shell: shell(300_000, 600_000) },
    { action: 're-warm', cmd: TURN, toolTimeoutMs: 280_000 },
  ],
  [
    'the background where no call of the shell tool lasts as long as pays',
    { shell: CLAUDE, plan: { ...PLAN, fullMs: 3_570_000 } },
    { action: 'background', because: 'cut-short', cmd: WAIT, toolTimeoutMs: 600_000 },
  ],
  [
    'the background, also of a cache of five minutes',
    { shell: shell(120_000, 279_999), flags: ['--trust-result'] },
    { action: 'background', because: 'cut-short', cmd: `${WAIT} --trust-result`, toolTimeoutMs: 279_999 },
  ],
  [
    'a turn where its longest call is just long enough',
    { shell: shell(120_000, 280_000) },
    { action: 're-warm', cmd: TURN, fullCmd: `${TURN} --cap 270s`, toolTimeoutMs: 280_000 },
  ],
  [
    'as much as the tool can give, of a longer cap of the user’s own',
    { shell: CLAUDE, askedMs: 3_000_000, plan: { ...PLAN, fullMs: 3_570_000 } },
    { action: 're-warm', cmd: TURN, fullCmd: `${TURN} --cap 590s`, toolTimeoutMs: 600_000 },
  ],
  [
    'no more than the user’s own cap',
    { shell: CLAUDE, askedMs: 60_000, waitFlags: ['--cap', '1m'] },
    { action: 're-warm', cmd: `${TURN} --cap 1m`, toolTimeoutMs: 70_000 },
  ],
  [
    'time for the user’s own cap, where it would be cut off',
    { shell: CLAUDE, askedMs: 200_000 },
    { action: 're-warm', cmd: TURN, fullCmd: `${TURN} --cap 200s`, toolTimeoutMs: 210_000 },
  ],
  [
    'a whole turn after a quick look',
    { shell: CLAUDE, askedMs: 0, plan: { ...PLAN, fullMs: 3_570_000 } },
    { action: 're-warm', cmd: TURN, fullCmd: `${TURN} --cap 590s`, toolTimeoutMs: 600_000 },
  ],
  ['one turn more below the break-even', { turns: 10 }, { action: 're-warm', cmd: TURN, toolTimeoutMs: 280_000 }],
  ['the background at the break-even', { turns: 11 }, { action: 'background', because: 'past-break-even', cmd: WAIT }],
  [
    'the background, for as long as the shell tool allows',
    { turns: 12, shell: CLAUDE },
    { action: 'background', because: 'past-break-even', cmd: WAIT, toolTimeoutMs: 600_000 },
  ],
  [
    'the background past the break-even, also where the tool cuts short',
    { turns: 12, shell: CLAUDE, plan: { ...PLAN, fullMs: 3_570_000 } },
    { action: 'background', because: 'past-break-even', cmd: WAIT, toolTimeoutMs: 600_000 },
  ],
  [
    'the background at once where no turn ever pays',
    { plan: { ...PLAN, breakEven: 0 }, flags: ['--json'] },
    { action: 'background', because: 'past-break-even', cmd: `${WAIT} --json` },
  ],
])('asks for %s', (_, rest, next) => {
  expect(nextTurn(turnStoryOf({ kind: 'alive' }, rest))).toEqual(next);
});
