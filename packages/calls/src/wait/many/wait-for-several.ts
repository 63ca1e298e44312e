import type { Session } from '@csa/session';
import {
  type ManyWaited,
  SessionSource,
  SharedWatching,
  type WaitEnd,
  type Waited,
  type Watching,
  waitForMany,
} from '@csa/wait';
import type { Located } from '../../locate.ts';
import { bareEnd, type WaitedSession, type Watcher, withOutput, withSurvivor } from '../wait-session.ts';
import type { WaitSettings } from '../wait-settings.ts';
import type { WaitStory } from '../wait-story.ts';
import type { ManyStory } from './many-story.ts';
import type { Need } from './need.ts';
import { shortNames } from './short-names.ts';

/** One of several sessions; an end that is `undefined` has not come yet. */
export interface Awaited {
  readonly session: Session;
  readonly end: WaitEnd['kind'] | undefined;
}

/** Several sessions that are waited for, and what is known of them meanwhile. */
export class Several {
  readonly located: readonly Located[];
  readonly #sources: readonly SessionSource[];
  readonly #ended: (Waited | undefined)[];

  /** @param watching whose bounds it keeps, where others wait in the same process */
  constructor(located: readonly Located[], watching: Watching = new SharedWatching()) {
    this.located = located;
    this.#sources = located.map(({ session, scope }) => new SessionSource(session, scope.roots, watching));
    this.#ended = located.map(() => undefined);
  }

  /** Each as it is now. */
  now(): Awaited[] {
    return this.#sources.map((source, index) => ({ session: source.resolved, end: this.#ended[index]?.end.kind }));
  }

  /** Waits until as many are over as are needed, and reads what an answer says beside the verdicts. */
  async wait(
    need: Need,
    { cap, trustResult }: Pick<WaitSettings, 'cap' | 'trustResult'>,
    { signal, check }: Watcher,
  ): Promise<SeveralWaited> {
    const many = await waitForMany(this.#sources, {
      need: need.count,
      capMs: cap.capMs,
      trustResult,
      abort: signal,
      ...(check && { onLook: check }),
      onEnd: (index, waited) => {
        this.#ended[index] = waited;
      },
    });
    return {
      ...many,
      need,
      ends: many.outcome === 'interrupted' ? this.#ends(many) : await describeEnds(this.#ends(many)),
    };
  }

  /** All that the words of this end depend on. */
  story({ members, need, outcome, elapsedMs, ends }: SeveralWaited, around: Around): ManyStory {
    return {
      ...around,
      members: members.map(({ counts }, index) => {
        const { session, target } = this.located[index] as Located;
        const end = ends[index] as WaitedSession;
        return { story: { ...around, ...end, session: session.id, target }, counts };
      }),
      need,
      outcome,
      elapsedMs,
      shortNames: shortNames(this.located),
    };
  }

  #ends({ members }: ManyWaited): WaitedSession[] {
    return members.map(({ waited }, index) => {
      const { session } = this.located[index] as Located;
      return bareEnd(waited, session, this.#sources[index]?.resolved ?? session);
    });
  }
}

/** How a wait for several sessions ended. */
export interface SeveralWaited extends ManyWaited {
  readonly need: Need;
  /** In the order of the sessions. */
  readonly ends: readonly WaitedSession[];
}

/** What an answer depends on beside the ends. */
export type Around = Omit<WaitStory, 'waited' | 'session' | 'target' | 'hasOutput'>;

/** Looking for what outlived a supervisor reads the environment of every process. */
const MOST_SURVIVORS = 16;

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
