import { expect, test } from 'vitest';
import { type Settlement, type Suspicion, settleDaemon } from './confirm.ts';
import type { DaemonLook } from './source.ts';

const ALIVE: DaemonLook = { state: 'alive' };
const GONE: DaemonLook = { state: 'dead', conclusive: false };
const ENDED: DaemonLook = { state: 'dead', conclusive: true };
const HIDDEN: DaemonLook = { state: 'unknown', reason: 'proc-hidden' };

/** Looks at these milliseconds, and what is believed after each. */
type Story = readonly (readonly [at: number, look: DaemonLook, believed: string])[];

const STORIES: readonly (readonly [name: string, story: Story])[] = [
  ['one look that says dead by identity is not believed', [[1000, GONE, 'death-unconfirmed']]],
  [
    'a second one too early neither',
    [
      [1000, GONE, 'death-unconfirmed'],
      [1249.9, GONE, 'death-unconfirmed'],
    ],
  ],
  [
    'a second one 250 ms later is',
    [
      [1000, GONE, 'death-unconfirmed'],
      [1250, GONE, 'dead'],
    ],
  ],
  [
    'looks in between do not put the second one off',
    [
      [0, GONE, 'death-unconfirmed'],
      [100, GONE, 'death-unconfirmed'],
      [200, GONE, 'death-unconfirmed'],
      [251, GONE, 'dead'],
    ],
  ],
  [
    'once confirmed it stays so',
    [
      [0, GONE, 'death-unconfirmed'],
      [300, GONE, 'dead'],
      [301, GONE, 'dead'],
      [9000, GONE, 'dead'],
    ],
  ],
  ["the kernel's own word needs no second look", [[1000, ENDED, 'dead']]],
  [
    "the kernel's own word counts at once also after a suspicion",
    [
      [0, GONE, 'death-unconfirmed'],
      [1, ENDED, 'dead'],
    ],
  ],
  [
    'an alive one in between begins anew',
    [
      [0, GONE, 'death-unconfirmed'],
      [100, ALIVE, 'alive'],
      [300, GONE, 'death-unconfirmed'],
      [500, GONE, 'death-unconfirmed'],
      [550, GONE, 'dead'],
    ],
  ],
  [
    'an unknown one in between begins anew',
    [
      [0, GONE, 'death-unconfirmed'],
      [240, HIDDEN, 'proc-hidden'],
      [260, GONE, 'death-unconfirmed'],
      [510, GONE, 'dead'],
    ],
  ],
  [
    'alive and unknown are believed as they are',
    [
      [0, ALIVE, 'alive'],
      [1, HIDDEN, 'proc-hidden'],
      [2, ALIVE, 'alive'],
    ],
  ],
];

test.each(STORIES)('%s', (_, story) => {
  let suspicion: Suspicion | undefined;
  for (const [at, look, believed] of story) {
    const settled: Settlement = settleDaemon(look, suspicion, at);
    suspicion = settled.suspicion;
    expect(settled.daemon.state === 'unknown' ? settled.daemon.reason : settled.daemon.state, `at ${at}`).toBe(
      believed,
    );
  }
});
