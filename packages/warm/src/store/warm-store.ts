import { renameSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, namesIn, Register, removeTree, stateRoots, type Trouble } from '@csa/session/files';
import type { Flight } from './flight.ts';
import { flightOf, forgetFlights } from './in-flight.ts';
import { callerDirectory, keyDirectory } from './key-directory.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { parseState } from './state-form.ts';
import { type Tell, tellingTo } from './telemetry.ts';
import { WarmClaim, type WarmHolder } from './warm-claim.ts';
import type { WarmKey } from './warm-key.ts';
import { WarmRecord } from './warm-record.ts';
import type { WarmState } from './warm-state.ts';

const DIRECTORY_NAME = '.warm';
/** Begins the name of what is being forgotten. */
const GONE = '.gone-';
const CALLER_DIRECTORY = /^(?:claude-code|codex|other)-/;

/** What is listed; a member that is absent leaves the choice open. */
export interface WarmFilter {
  readonly caller?: WarmKey['caller'];
  /** One, or those of a list: no other one's files are looked at. */
  readonly session?: string | ReadonlySet<string>;
}

/** What may be forgotten; without a state of ours nothing but the session's id is known. */
export interface Forgettable {
  readonly session: string;
  readonly sessionDirectory?: string;
}

/** All that is kept about warming below one state root, outside of every session's directory. */
export class WarmStore {
  readonly directory: string;
  /** What has happened, as lines for programs. */
  readonly tell: Tell;

  constructor(stateRoot: string) {
    this.directory = `${stateRoot}/${DIRECTORY_NAME}`;
    this.tell = tellingTo(this.directory);
  }

  record(key: WarmKey): WarmRecord {
    return new WarmRecord(this.directory, key);
  }

  /**
   * Every conversation that was ever switched on, in no order. What cannot be read or is none of ours is left out.
   * Creates nothing.
   * @throws a system error only where `trouble` is to be thrown: whoever acts on the list must not miss anything
   */
  list(filter: WarmFilter = {}, trouble: Trouble = 'skip'): WarmRecord[] {
    return this.#directories(filter, trouble).flatMap(({ directory }) => {
      const state = stateIn(directory, trouble);
      if (state === undefined || `${this.directory}/${keyDirectory(state.key)}` !== directory) return [];
      const { caller } = state.key;
      const isWanted =
        filter.caller === undefined || (filter.caller.id === caller.id && filter.caller.agent === caller.agent);
      return isWanted ? [this.record(state.key)] : [];
    });
  }

  /** Who warms for a caller now, whatever session that is for. */
  async holders(caller: WarmKey['caller']): Promise<Exclude<WarmHolder, { kind: 'nobody' }>[]> {
    const holders = await Promise.all(
      this.#directories({ caller }).map(({ directory }) => new WarmClaim(directory, 'heartbeat').holder()),
    );
    return holders.filter((holder) => holder.kind !== 'nobody');
  }

  /** What stands in the books of the same caller's other sessions; nothing of those that cannot be read. */
  booksBeside({ caller, session }: WarmKey): LedgerEntry[] {
    const beside = this.list({ caller }).filter(({ key }) => key.session !== session);
    return beside.flatMap((record) => {
      try {
        return record.readLedger();
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        return [];
      }
    });
  }

  /** What all share that ask with this credential; its name is nowhere to be read. */
  flight(credential: string): Flight {
    return flightOf(this.directory, credential);
  }

  /**
   * Forgets what was kept about sessions that are gone, and that no process warms for, and claims on requests that nobody
   * holds. Returns how many conversations.
   */
  async prune(isGone: (what: Forgettable) => boolean): Promise<number> {
    let forgotten = 0;
    await this.#removeLeftOver();
    await forgetFlights(this.directory);
    for (const { directory, session } of this.#directories()) {
      const sessionDirectory = stateIn(directory)?.settings.sessionDirectory;
      if (!isGone({ session, ...(sessionDirectory === undefined ? {} : { sessionDirectory }) })) continue;
      if ((await new WarmClaim(directory, 'heartbeat').holder()).kind !== 'nobody') continue;
      if (await forget(directory)) forgotten += 1;
      // Whoever makes a record in it meanwhile makes the directory anew.
      removeIfEmpty(dirname(directory));
    }
    return forgotten;
  }

  /** Of those who were killed while they forgot. */
  async #removeLeftOver(): Promise<void> {
    for (const caller of this.#callers()) {
      const left = namesIn(`${this.directory}/${caller}`).filter((name) => name.startsWith(GONE));
      for (const name of left) await removeTree(`${this.directory}/${caller}/${name}`);
    }
  }

  #callers(trouble: Trouble = 'skip'): string[] {
    return namesIn(this.directory, trouble).filter((name) => CALLER_DIRECTORY.test(name));
  }

  #directories(
    { caller, session: wanted }: WarmFilter = {},
    trouble: Trouble = 'skip',
  ): { readonly directory: string; readonly session: string }[] {
    // One caller's are found without a look at all the others: a hook asks for them at each of its tools.
    const callers = caller === undefined ? this.#callers(trouble) : [callerDirectory(caller)];
    return callers.flatMap((caller) =>
      namesIn(`${this.directory}/${caller}`, trouble)
        .filter((name) => !name.startsWith('.') && isAmong(name, wanted))
        .map((name) => ({ directory: `${this.directory}/${caller}/${name}`, session: name })),
    );
  }
}

function isAmong(session: string, wanted: WarmFilter['session']): boolean {
  return wanted === undefined || (typeof wanted === 'string' ? session === wanted : wanted.has(session));
}

/** @throws Refusal reason=no-home */
export function openWarmStore(env: NodeJS.ProcessEnv): WarmStore {
  return new WarmStore(stateRoots(env).primary);
}

function stateIn(directory: string, trouble: Trouble = 'skip'): WarmState | undefined {
  const { reading } = new Register({ directory, name: 'state', parse: parseState }).read();
  if (reading.kind === 'error' && trouble === 'throw')
    throw Object.assign(new Error(reading.code), { code: reading.code });
  return reading.kind === 'present' ? reading.value : undefined;
}

/** Under another name first: whoever opens it meanwhile finds nothing, and never a part. */
async function forget(directory: string): Promise<boolean> {
  const gone = `${dirname(directory)}/${GONE}${process.pid}-${Date.now()}`;
  try {
    renameSync(directory, gone);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
  return (await removeTree(gone)).kind === 'removed';
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
