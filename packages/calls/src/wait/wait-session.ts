import { isStopped } from '@csa/liveness';
import { type Bearers, findSurvivor, LOG_NAMES, lastOutputTime, logSize, readDaemon, type Session } from '@csa/session';
import { type RecordsRead, SessionSource, type SourceWatch, type Waited, wait } from '@csa/wait';
import type { Located } from '../locate.ts';
import type { WaitSettings } from './wait-settings.ts';

/** How a wait ended, and what stands around that end. */
export interface WaitedSession {
  readonly waited: Waited;
  /** Whose records decide: the session asked for, or the one that it stands for. */
  readonly session: Session;
  readonly resolved?: string;
  /** Milliseconds since the last output. */
  readonly idleMs?: number;
  /** Whether the command has printed anything; told of a living one. */
  readonly hasOutput: boolean;
  /** A process of the command that outlived its supervisor. */
  readonly survivor?: number;
  /** The supervisor is stopped: alive, and not moving. */
  readonly stalled: boolean;
  /** What the look itself has read, so that nobody reads it again. */
  readonly records?: RecordsRead | undefined;
}

/** Who may end a wait before it has its answer. */
export interface Watcher {
  readonly signal: AbortSignal;
  /** Called now and then while it is waited; may abort. */
  readonly check?: (() => void) | undefined;
}

/** Waits for the session of a source, and reads what an answer says beside its verdict. */
export async function waitForSession(
  { located, source }: SourceOfLocated,
  { cap, trustResult }: Pick<WaitSettings, 'cap' | 'trustResult'>,
  { signal, check }: Watcher,
): Promise<WaitedSession> {
  const waited = await wait(source, { capMs: cap.capMs, trustResult, abort: signal, ...(check && { onLook: check }) });
  return describeEnd(waited, located.session, source.resolved);
}

/** A session, and what is looked at to know what it is. */
export interface SourceOfLocated {
  readonly located: Located;
  readonly source: SessionSource;
}

/** A look sleeps for no event: to subscribe to any would cost as much as the look itself. */
const UNWATCHED: SourceWatch = { complete: false, close: () => {} };

/** One look without waiting: what a session is now. `source`: its own, where somebody keeps one. */
export async function lookAtSession(
  located: Located,
  trustResult = false,
  source: SessionSource = new SessionSource(located.session, located.scope.roots),
): Promise<WaitedSession> {
  const waited = await lookOnce(source, trustResult);
  return { ...(await describeEnd(waited, located.session, source.resolved)), records: source.records };
}

/** The verdict of one look alone. */
export function lookOnce(source: SessionSource, trustResult = false): Promise<Waited> {
  return wait({ observe: () => source.observe(), watch: () => UNWATCHED }, { capMs: 0, trustResult });
}

/** The session whose files are to be shown: the one asked for, or the one that it stands for. */
export async function resolveSession({ session, scope }: Located): Promise<Session> {
  const source = new SessionSource(session, scope.roots);
  await source.observe();
  return source.resolved;
}

/** Reads what an answer says beside its verdict; none of it can change the verdict. */
export async function describeEnd(waited: Waited, asked: Session, resolved: Session): Promise<WaitedSession> {
  return withSurvivor(await withOutput(bareEnd(waited, asked, resolved)));
}

/** An end with nothing around it: costs no time. */
export function bareEnd(waited: Waited, asked: Session, resolved: Session): WaitedSession {
  const isAlias = resolved.directory !== asked.directory;
  return {
    waited,
    session: resolved,
    ...(isAlias ? { resolved: resolved.id } : {}),
    hasOutput: false,
    stalled: false,
  };
}

/** Adds when the command last printed something, and what keeps a living one from going on. */
export async function withOutput(ended: WaitedSession): Promise<WaitedSession> {
  const { session } = ended;
  const { kind } = ended.waited.end;
  if (kind === 'finished' || kind === 'lost') return ended;
  const lastOutput = lastOutputTime(session);
  const idle = lastOutput === undefined ? {} : { idleMs: Math.max(0, Date.now() - lastOutput) };
  if (kind !== 'alive') return { ...ended, ...idle };
  const hasOutput = await quietly(() => hasPrinted(session));
  const stalled = await quietly(() => isStalled(session));
  return { ...ended, ...idle, hasOutput: hasOutput ?? false, stalled: stalled ?? false };
}

/** Adds what outlived a dead supervisor: reads the environment of every process, unless somebody has done so. */
export async function withSurvivor(ended: WaitedSession, bearers?: Bearers): Promise<WaitedSession> {
  if (ended.waited.end.kind !== 'dead') return ended;
  const survivor = await quietly(() => findSurvivor(ended.session, bearers));
  return survivor === undefined ? ended : { ...ended, survivor };
}

function hasPrinted(session: Session): boolean {
  return LOG_NAMES.some((name) => (logSize(session, name) ?? 0) > 0);
}

function isStalled(session: Session): boolean {
  const daemon = readDaemon(session);
  return daemon.kind === 'present' && isStopped(daemon.value.identity);
}

/** The verdict stands already: trouble in reading what surrounds it must not take it away. */
async function quietly<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
