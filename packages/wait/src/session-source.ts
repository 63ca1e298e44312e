import { join } from 'node:path';
import { watchLifeline } from '@csa/liveness';
import {
  type DaemonRecord,
  findById,
  isStillThere,
  LIFELINE_FILE,
  type Reading,
  readCompletion,
  readDaemon,
  readMetadata,
  readResult,
  readResumeTarget,
  type Session,
  type SessionResult,
  type StateRoots,
  watchSessions,
} from '@csa/session';
import { lookAtDaemon } from './daemon-look.ts';
import type { AliasTrouble, DaemonLook, Observation, SourceWatch, WaitSource } from './source.ts';

/** A wrapper may stand for a wrapper, but not for ever. */
const MAX_HOPS = 4;

/** The session directory as a source; a foreign wrapper is followed to the session that it stands for. */
export class SessionSource implements WaitSource {
  readonly #asked: Session;
  readonly #roots: StateRoots | undefined;
  #chain: readonly Session[];
  #subscription: Subscription | undefined;

  /** `roots`: where the target of a wrapper is looked up besides its own project. */
  constructor(session: Session, roots?: StateRoots) {
    this.#asked = session;
    this.#roots = roots;
    this.#chain = [session];
  }

  /** The session whose records decide: the one asked for, or the target at the end of its aliases. */
  get resolved(): Session {
    return this.#chain.at(-1) ?? this.#asked;
  }

  async observe(): Promise<Observation> {
    const chain: Session[] = [];
    for (let session = this.#asked; ; ) {
      chain.push(session);
      const record = readDaemon(session);
      // The daemon before the files: a dead writer writes no more, an alias or a result read before its death might
      // be out of date.
      const daemon = await lookAtDaemon(session, record);
      const target = readResumeTarget(session);
      if (target.kind === 'absent' || target.kind === 'error') {
        const observation = readFiles(session, record, daemon, target.kind === 'error' ? target : undefined);
        this.#follow(chain, record);
        return chain.every(isStillThere) ? observation : { kind: 'lost' };
      }
      const next = target.kind === 'present' ? findById(target.value, session, this.#roots) : undefined;
      const trouble = aliasTrouble(target.kind, next, chain);
      if (trouble !== undefined) return isStillThere(this.#asked) ? trouble : { kind: 'lost' };
      session = next as Session;
    }
  }

  watch(onHint: () => void): SourceWatch {
    const subscription = new Subscription(onHint);
    subscription.follow(this.#chain);
    this.#subscription = subscription;
    return subscription;
  }

  #follow(chain: readonly Session[], record: Reading<DaemonRecord>): void {
    this.#chain = chain;
    this.#subscription?.follow(chain);
    if (record.kind === 'present') this.#subscription?.holdLifeline(this.resolved, record.value);
  }
}

function readFiles(
  session: Session,
  record: Reading<DaemonRecord>,
  daemon: DaemonLook,
  aliasError: { readonly kind: 'error'; readonly code: string } | undefined,
): Observation {
  // Whether the session is a wrapper cannot be read: then nothing of it may be taken for its answer.
  if (aliasError !== undefined) {
    return { kind: 'session', daemon, completion: aliasError, result: aliasError, publishedOnce: false };
  }
  const completion = readCompletion(session);
  const result = readResult(session);
  return { kind: 'session', daemon, completion, result, publishedOnce: isPublishedOnce(session, record, result) };
}

function isPublishedOnce(session: Session, record: Reading<DaemonRecord>, result: Reading<SessionResult>): boolean {
  if (result.kind !== 'present' || record.kind !== 'present' || !record.value.isOurs) return false;
  const metadata = readMetadata(session);
  return metadata.kind === 'present' && metadata.value.publishesOnce;
}

function aliasTrouble(
  target: 'present' | 'unreadable',
  next: Session | undefined,
  chain: readonly Session[],
): { readonly kind: 'alias-trouble'; readonly reason: AliasTrouble } | undefined {
  const trouble = (reason: AliasTrouble) => ({ kind: 'alias-trouble', reason }) as const;
  if (target === 'unreadable') return trouble('alias-invalid');
  if (next === undefined) return trouble('alias-missing');
  if (chain.some((session) => session.directory === next.directory)) return trouble('alias-loop');
  return chain.length > MAX_HOPS ? trouble('alias-too-long') : undefined;
}

/** The watches of one wait: the directories of the chain, and the lifeline of the session at its end. */
class Subscription implements SourceWatch {
  readonly #onHint: () => void;
  #watched: { readonly key: string; readonly works: boolean; close(): void } | undefined;
  #lifeline: { readonly key: string; close(): void } | undefined;

  constructor(onHint: () => void) {
    this.#onHint = onHint;
  }

  get complete(): boolean {
    return this.#watched?.works === true && this.#lifeline !== undefined;
  }

  follow(chain: readonly Session[]): void {
    const key = chain.map((session) => session.directory).join('\n');
    if (this.#watched?.key === key) return;
    const before = this.#watched;
    const watch = watchSessions(chain, this.#onHint);
    this.#watched = {
      key,
      get works() {
        return watch.works;
      },
      close: () => watch.close(),
    };
    if (before === undefined) return;
    before.close();
    // What changed before the new watch stood is read at the next look.
    this.#onHint();
  }

  holdLifeline(session: Session, { lifeline }: DaemonRecord): void {
    const key =
      lifeline === undefined ? '' : `${session.directory}\n${lifeline.dev} ${lifeline.ino} ${lifeline.bootId}`;
    if (this.#lifeline?.key === key) return;
    this.#lifeline?.close();
    this.#lifeline = undefined;
    if (lifeline === undefined) return;
    const watch = watchLifeline(join(session.directory, LIFELINE_FILE), lifeline, this.#onHint);
    if (watch !== undefined) this.#lifeline = { key, close: () => watch.close() };
  }

  close(): void {
    this.#watched?.close();
    this.#lifeline?.close();
  }
}
