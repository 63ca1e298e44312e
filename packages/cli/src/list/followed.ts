import type { Located } from '@csa/calls';
import type { Surveyed } from '@csa/calls/list';
import { lookAtSession, type WaitedSession } from '@csa/calls/look';
import { type SelfRecords, viewSession } from '@csa/calls/view';
import { SessionSource, type SourceWatch, type Watching } from '@csa/wait';

/** How often a session is looked at anew although nothing told of a change: events are hints. */
const SAFETY_LOOK_MS = 4_000;
/** Where nothing would tell of one. */
const BLIND_LOOK_MS = 1_000;
/** Trouble of our own in reading may pass; what has lasted for so long is what can be said of a session. */
const PASSING_MS = 5_000;

/** What all sessions of a list have in common. */
export interface FollowedParts {
  readonly onHint: () => void;
  readonly watching: Watching;
  readonly records: SelfRecords;
}

/**
 * One session that is looked at again whenever it may have changed. What can still change is subscribed to; what its
 * dead supervisor has published once and for all is never read again.
 */
export class Followed {
  readonly located: Located;
  readonly #source: SessionSource;
  readonly #records: SelfRecords;
  readonly #onHint: () => void;
  #watch: SourceWatch | undefined;
  #isHinted: boolean;
  #dueAt = 0;
  #troubleSince: number | undefined;
  #surveyed: Surveyed | undefined;

  constructor(located: Located, { onHint, watching, records }: FollowedParts) {
    this.located = located;
    this.#records = records;
    this.#source = new SessionSource(located.session, located.scope.roots, watching);
    this.#onHint = onHint;
    this.#isHinted = true;
  }

  /** What the last look showed. */
  get surveyed(): Surveyed | undefined {
    return this.#surveyed;
  }

  /** The directory was removed, or another one stands in its place. */
  get isLost(): boolean {
    return this.#surveyed?.looked.waited.end.kind === 'lost';
  }

  /** Something told of a change: not to be put off. */
  get isHinted(): boolean {
    return this.#isHinted;
  }

  /** When it is to be looked at, in monotonic milliseconds. */
  get dueAt(): number {
    return this.#isHinted ? 0 : this.#dueAt;
  }

  async look(): Promise<void> {
    this.#isHinted = false;
    this.#take(await lookAtSession(this.located, false, this.#source));
  }

  /** Begins with what somebody else's look has shown. */
  begin(looked: WaitedSession): void {
    this.#isHinted = false;
    this.#take(looked);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #take(looked: WaitedSession): void {
    if (this.#mayPass(looked)) this.#dueAt = performance.now() + BLIND_LOOK_MS;
    else this.#accept(looked);
  }

  #accept(looked: WaitedSession): void {
    const { located } = this;
    this.#surveyed = { located, looked, view: viewSession(located.session, looked, this.#records) };
    this.#dueAt = performance.now() + this.#restMs(looked);
    if (isOver(looked)) this.close();
    else this.#subscribe();
  }

  #restMs(looked: WaitedSession): number {
    if (isSettled(looked)) return Number.POSITIVE_INFINITY;
    return isOver(looked) || this.#watch?.complete ? SAFETY_LOOK_MS : BLIND_LOOK_MS;
  }

  /** It says nothing of the session: what was known stands. */
  #mayPass({ waited: { end } }: WaitedSession): boolean {
    const isOwn = end.kind === 'undetermined' && end.reason === 'io-error';
    this.#troubleSince = isOwn ? (this.#troubleSince ?? performance.now()) : undefined;
    return this.#troubleSince !== undefined && performance.now() - this.#troubleSince < PASSING_MS;
  }

  /** What changed before the subscription stood is found by one more look. */
  #subscribe(): void {
    if (this.#watch !== undefined) return;
    const hint = (): void => {
      this.#isHinted = true;
      this.#onHint();
    };
    this.#watch = this.#source.watch(hint);
    hint();
  }
}

/** A dead supervisor writes no more, as long as nobody resumes the session. */
function isOver({ waited: { facts } }: WaitedSession): boolean {
  return facts?.daemon.state === 'dead';
}

/** Published once, and whoever published it has left. */
function isSettled(looked: WaitedSession): boolean {
  const { end, facts } = looked.waited;
  return end.kind === 'finished' && facts?.publishedOnce === true && isOver(looked);
}
