import { formatDuration, type Located } from '@csa/calls';
import { collect } from '@csa/calls/collect';
import { type Around, Several, type SeveralWaited } from '@csa/calls/many';
import type { WaitSettings } from '@csa/calls/settings';
import type { Need } from '@csa/calls/wait';
import type { Report } from '../../report.ts';
import { describeRow } from '../../view/explain.ts';
import { accompany } from '../accompany.ts';
import { settledWith } from '../keep-warm.ts';
import type { Wait } from '../wait-one.ts';
import { reportMany, toldMembers } from './many-report.ts';
import type { WordedMany } from './many-words.ts';

/** What a wait for several sessions needs besides them. */
export interface ManyWait extends Wait {
  readonly need: Need;
}

/** Waits for several sessions at once, with somebody beside it on standard error, and words the answer. */
export async function waitMany(located: readonly Located[], asked: ManyWait): Promise<Report> {
  const { settings, hold, json, verbose } = asked;
  const several = new Several(located);
  const many = await waitAccompanied(several, asked).finally(() => hold?.end());
  const settled = settledWith(settings, hold);
  const worded: WordedMany = {
    ...several.story(many, aroundOf({ ...asked, settings: settled })),
    isCi: settings.caller.isCi,
    json,
    notes: [...settings.warnings, ...(verbose ? verboseNotes(located, many, settings) : [])],
  };
  const onShown = (): void => {
    for (const index of toldMembers(worded)) collect(located[index] as Located, many.ends[index] as Ended);
  };
  return { ...reportMany(worded), onShown };
}

type Ended = SeveralWaited['ends'][number];

async function waitAccompanied(several: Several, { settings, interrupts, need }: ManyWait): Promise<SeveralWaited> {
  const companion = await accompany(settings, ({ progressScene }) => progressScene(() => several.now()));
  const watcher = { signal: interrupts.signal, check: () => interrupts.checkParent() };
  try {
    return await several.wait(need, settings, watcher);
  } finally {
    companion.end();
  }
}

function aroundOf({ settings, interrupts, hints, json }: ManyWait): Around {
  return {
    cap: settings.cap,
    aliveExitCode: settings.aliveExitCode,
    interruption: interrupts.cause,
    hints,
    waitFlags: json ? [...settings.repeatFlags, '--json'] : settings.repeatFlags,
  };
}

/** How the wait found its answer, for --verbose. */
function verboseNotes(
  located: readonly Located[],
  { members, elapsedMs }: SeveralWaited,
  { cap }: WaitSettings,
): string[] {
  const told = members.filter(({ waited }) => waited.eventsComplete).length;
  return [
    `cap: ${cap.capMs === undefined ? 'none' : formatDuration(cap.capMs)}, from ${cap.source}`,
    // In the first second it makes no difference.
    ...(elapsedMs < 1_000
      ? []
      : [`changes: told by events of ${told} sessions, looked for every second of ${members.length - told}`]),
    ...members.map(({ waited }, index) => `${located[index]?.session.id}: ${describeRow(waited.end)}`),
  ];
}
