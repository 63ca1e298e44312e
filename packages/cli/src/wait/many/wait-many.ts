import { type ManyWaited, SessionSource, SharedWatching, type Waited, waitForMany } from '@csa/wait';
import { collect } from '../../brief/collect.ts';
import { formatDuration } from '../../duration.ts';
import type { Located } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { describeRow } from '../../view/explain.ts';
import { accompany } from '../accompany.ts';
import { settledWith } from '../keep-warm.ts';
import type { Wait } from '../wait-one.ts';
import { bareEnd, type WaitedSession, withOutput, withSurvivor } from '../wait-session.ts';
import type { WaitSettings } from '../wait-settings.ts';
import type { WaitStory } from '../wait-story.ts';
import { reportMany, toldMembers } from './many-report.ts';
import type { ManyStory, MemberStory } from './many-story.ts';
import type { Need } from './need.ts';
import { shortNames } from './short-names.ts';

/** What a wait for several sessions needs besides them. */
export interface ManyWait extends Wait {
  readonly need: Need;
}

/** Looking for what outlived a supervisor reads the environment of every process. */
const MOST_SURVIVORS = 16;

/** Waits for several sessions at once, with somebody beside it on standard error, and words the answer. */
export async function waitMany(located: readonly Located[], asked: ManyWait): Promise<Report> {
  const { settings, interrupts, need, hold } = asked;
  const watching = new SharedWatching();
  const sources = located.map(({ session, scope }) => new SessionSource(session, scope.roots, watching));
  const ended: (Waited | undefined)[] = located.map(() => undefined);
  const companion = await accompany(settings, ({ progressScene }) =>
    progressScene(() => sources.map((source, index) => ({ session: source.resolved, end: ended[index]?.end.kind }))),
  );
  const many = await waitForMany(sources, {
    need: need.count,
    capMs: settings.cap.capMs,
    trustResult: settings.trustResult,
    abort: interrupts.signal,
    onLook: () => interrupts.checkParent(),
    onEnd: (index, waited) => {
      ended[index] = waited;
    },
  }).finally(() => {
    companion.end();
    hold?.end();
  });
  const around = aroundOf({ ...asked, settings: settledWith(settings, hold) });
  const ends = many.members.map(({ waited }, index) => {
    const { session } = located[index] as Located;
    return bareEnd(waited, session, sources[index]?.resolved ?? session);
  });
  const described = many.outcome === 'interrupted' ? ends : await describeEnds(ends);
  const story: ManyStory = {
    ...around,
    members: many.members.map(({ counts }, index): MemberStory => {
      const { session, target } = located[index] as Located;
      return { story: { ...around, ...(described[index] as WaitedSession), session: session.id, target }, counts };
    }),
    need,
    outcome: many.outcome,
    elapsedMs: many.elapsedMs,
    shortNames: shortNames(located),
    notes: [...settings.warnings, ...(asked.verbose ? verboseNotes(located, many, settings) : [])],
  };
  const onShown = (): void => {
    for (const index of toldMembers(story)) collect(located[index] as Located, described[index] as WaitedSession);
  };
  return { ...reportMany(story), onShown };
}

/** Whoever interrupts a wait is not kept waiting for any of this. */
function describeEnds(ends: readonly WaitedSession[]): Promise<WaitedSession[]> {
  const dead = ends.filter(({ waited }) => waited.end.kind === 'dead');
  const searched = new Set(dead.slice(0, MOST_SURVIVORS));
  return Promise.all(
    ends.map(async (end) => {
      const told = await withOutput(end);
      return searched.has(end) ? withSurvivor(told) : told;
    }),
  );
}

type Around = Omit<WaitStory, 'waited' | 'session' | 'target' | 'hasOutput'>;

function aroundOf({ settings, interrupts, hints, json }: ManyWait): Around {
  return {
    cap: settings.cap,
    aliveExitCode: settings.aliveExitCode,
    interruption: interrupts.cause,
    hints,
    waitFlags: json ? [...settings.repeatFlags, '--json'] : settings.repeatFlags,
    isCi: settings.caller.isCi,
    json,
    notes: [],
  };
}

/** How the wait found its answer, for --verbose. */
function verboseNotes(
  located: readonly Located[],
  { members, elapsedMs }: ManyWaited,
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
