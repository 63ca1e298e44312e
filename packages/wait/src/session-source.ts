import {
  type DaemonRecord,
  errnoOf,
  findById,
  isStillThere,
  type Reading,
  Refusal,
  readCompletion,
  readDaemon,
  readMetadata,
  readResult,
  readResumeTarget,
  type Session,
  type SessionId,
  type SessionMetadata,
  type StateRoots,
} from '@csa/session';
import { lookAtDaemon } from './daemon-look.ts';
import { isOurs, promisesOnce } from './published-once.ts';
import type { AliasTrouble, DaemonLook, Observation, RecordsRead, SourceWatch, WaitSource } from './source.ts';
import { Subscription } from './subscription.ts';
import { OWN_WATCHING, type Watching } from './watching.ts';

/** A wrapper may stand for a wrapper, but not for ever. */
const MAX_HOPS = 4;

/** The session directory as a source; a foreign wrapper is followed to the session that it stands for. */
export class SessionSource implements WaitSource {
  readonly #asked: Session;
  readonly #roots: StateRoots | undefined;
  readonly #watching: Watching;
  #chain: readonly Session[];
  #subscription: Subscription | undefined;
  #records: RecordsRead | undefined;

  /**
   * @param roots where the target of a wrapper is looked up besides its own project
   * @param watching shared by the sources of one wait for many
   */
  constructor(session: Session, roots?: StateRoots, watching: Watching = OWN_WATCHING) {
    this.#asked = session;
    this.#roots = roots;
    this.#watching = watching;
    this.#chain = [session];
  }

  /** The session whose records decide: the one asked for, or the target at the end of its aliases. */
  get resolved(): Session {
    return this.#chain.at(-1) ?? this.#asked;
  }

  /** What the last look has read; absent where it did not come that far. */
  get records(): RecordsRead | undefined {
    return this.#records;
  }

  async observe(): Promise<Observation> {
    this.#records = undefined;
    try {
      return await this.#look();
    } catch (error) {
      const code = errnoOf(error instanceof Refusal ? error.cause : error);
      if (code === undefined) throw error;
      return troubleOfOurs(this.resolved, code);
    }
  }

  async #look(): Promise<Observation> {
    const chain: Session[] = [];
    for (let session = this.#asked; ; ) {
      chain.push(session);
      const record = readDaemon(session);
      // The daemon before the files: a dead writer writes no more, an alias or a result read before its death might
      // be out of date.
      const daemon = await lookAtDaemon(session, record);
      const target = readResumeTarget(session);
      if (target.kind === 'absent' || target.kind === 'error') {
        const { observation, metadata } = readFiles(
          session,
          record,
          daemon,
          target.kind === 'error' ? target : undefined,
        );
        this.#follow(chain, record);
        this.#records = { daemon: record, ...(metadata === undefined ? {} : { metadata }) };
        return chain.every(isStillThere) ? observation : { kind: 'lost' };
      }
      const next = target.kind === 'present' ? this.#find(target.value, session) : undefined;
      const trouble = aliasTrouble(target.kind, next, chain);
      if (trouble !== undefined) return isStillThere(this.#asked) ? trouble : { kind: 'lost' };
      session = next as Session;
    }
  }

  /** A target that was followed before stays that very directory: another one under its id is another session. */
  #find(target: SessionId, from: Session): Session | undefined {
    return this.#chain.find((session) => session.id === target) ?? findById(target, from, this.#roots);
  }

  watch(onHint: () => void): SourceWatch {
    const subscription = new Subscription(onHint, this.#watching);
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

/** Nothing could be looked at, which says nothing about the session. */
function troubleOfOurs(session: Session, code: string): Observation {
  const failed = { kind: 'error', code } as const;
  const daemon = { state: 'unknown', reason: 'io-error' } as const;
  return { kind: 'session', session: session.id, daemon, completion: failed, result: failed, publishedOnce: false };
}

function readFiles(
  session: Session,
  record: Reading<DaemonRecord>,
  daemon: DaemonLook,
  aliasError: { readonly kind: 'error'; readonly code: string } | undefined,
): { readonly observation: Observation; readonly metadata?: Reading<SessionMetadata> } {
  const about = { kind: 'session', session: session.id, daemon } as const;
  // Whether the session is a wrapper cannot be read: then nothing of it may be taken for its answer.
  if (aliasError !== undefined) {
    return { observation: { ...about, completion: aliasError, result: aliasError, publishedOnce: false } };
  }
  const completion = readCompletion(session);
  const result = readResult(session);
  if (result.kind !== 'present' || !isOurs(record)) {
    return { observation: { ...about, completion, result, publishedOnce: false } };
  }
  const metadata = readMetadata(session);
  return { observation: { ...about, completion, result, publishedOnce: promisesOnce(metadata) }, metadata };
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
