import { randomUUID } from 'node:crypto';
import { endProvenGroup, identify, type ProcessIdentity, probe } from '@csa/liveness';
import { errnoOf } from '@csa/session/files';
import { Register, type Version } from './register.ts';
import { count, object, oneOf, optional, type Shape, tagged, text } from './shape.ts';

/** Who holds a claim: a process of its own that is ended with the heartbeat, or a wait that warms beside its waiting. */
export type ClaimRole = 'heartbeat' | 'wait';

export type ClaimRecord =
  | {
      readonly kind: 'held';
      /** Tells two claims of one process apart. */
      readonly token: string;
      readonly role: ClaimRole;
      readonly identity: ProcessIdentity;
      /** When it will be over at the latest, by its holder's own word; milliseconds since the epoch. */
      readonly until: number;
      /** What it has started, the leader of a group: it runs on when its holder is killed. */
      readonly program?: ProcessIdentity;
    }
  | { readonly kind: 'released' };

type Held = Extract<ClaimRecord, { kind: 'held' }>;

/** `unknown`: whether the process that holds it still runs cannot be told, and so it does, until its time is over. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'alive'; readonly role: ClaimRole; readonly identity: ProcessIdentity }
  | { readonly kind: 'unknown'; readonly role: ClaimRole; readonly identity: ProcessIdentity }
  | { readonly kind: 'unreadable' };

/** Somebody's own hold on a claim. */
export interface Hold {
  /** Writes down what was started under it, for whoever finds this process dead. Never throws. */
  note(program: ProcessIdentity): void;
  /** Never throws: a process that has ended holds nothing either. */
  release(): void;
}

const MAX_ATTEMPTS = 100;

const identity: Shape<ProcessIdentity> = object<ProcessIdentity>({
  pid: count,
  startTime: optional(text),
  bootId: optional(text),
  machineId: optional(text),
  pidNamespace: optional(text),
});

const record: Shape<ClaimRecord> = tagged<ClaimRecord>('kind', {
  held: object<Held>({
    kind: oneOf('held'),
    token: text,
    role: oneOf('heartbeat', 'wait'),
    identity,
    until: count,
    program: optional(identity),
  }),
  released: object({ kind: oneOf('released') }),
});

/**
 * What one process alone may do at a time. It is taken over only from a holder that is proven dead, so that nobody has
 * to clean up behind one that was killed. What that one has left running is ended before.
 */
export class Claim {
  readonly #register: Register<ClaimRecord>;

  constructor(directory: string, name: string) {
    this.#register = new Register({ directory, name, parse: record });
  }

  /** Who holds it now. Only looks. */
  holder(): Promise<Holder> {
    return holderOf(this.#register.read());
  }

  /**
   * Ends what a dead holder has left running, and says who holds it then. `unknown`: also a program that could not be
   * ended, or not be proven to be that one, until the holder's time is over.
   */
  clear(): Promise<Holder> {
    return clearedHolder(this.#register.read());
  }

  /**
   * Forgets a claim that nobody holds, and the drafts of all. Only for one process at a time.
   * @throws a system error
   */
  async forget(): Promise<void> {
    this.#register.removeDrafts();
    const version = this.#register.read();
    if ((await clearedHolder(version)).kind === 'nobody') this.#register.tryRemove(version.number);
  }

  /**
   * Takes it for this process, or says who has it.
   *
   * @param until when it will be released at the latest, in milliseconds since the epoch
   * @throws a system error: nothing was taken
   */
  async take(role: ClaimRole, until: number): Promise<Hold | Exclude<Holder, { kind: 'nobody' }>> {
    const mine: ClaimRecord = { kind: 'held', token: randomUUID(), role, identity: await ownIdentity(), until };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const version = this.#register.read();
      const holder = await clearedHolder(version);
      if (holder.kind !== 'nobody') return holder;
      if (this.#register.tryWrite(version.number, mine)) return this.#holdOf(mine.token);
    }
    return { kind: 'unreadable' };
  }

  #holdOf(token: string): Hold {
    return {
      note: (program) => this.#goOn(token, (mine) => ({ ...mine, program })),
      release: () => this.#goOn(token, () => ({ kind: 'released' })),
    };
  }

  /** Nothing where somebody else has it by now, or nobody may write. */
  #goOn(token: string, next: (mine: Held) => ClaimRecord): void {
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const { number, reading } = this.#register.read();
        const mine = reading.kind === 'present' ? reading.value : undefined;
        if (mine?.kind !== 'held' || mine.token !== token) return;
        // Refused: whoever prunes has taken the draft away.
        if (this.#register.tryWrite(number, next(mine))) return;
      }
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
}

async function clearedHolder(version: Version<ClaimRecord>): Promise<Holder> {
  const holder = await holderOf(version);
  const { reading } = version;
  if (holder.kind !== 'nobody' || reading.kind !== 'present' || reading.value.kind !== 'held') return holder;
  const { program, role, until } = reading.value;
  if (program === undefined || (await endProvenGroup(program)) === 'ended' || Date.now() > until) return holder;
  return { kind: 'unknown', role, identity: program };
}

async function holderOf({ reading }: Version<ClaimRecord>): Promise<Holder> {
  if (reading.kind === 'error') return { kind: 'unreadable' };
  // Whatever is none of ours claims nothing.
  if (reading.kind !== 'present' || reading.value.kind === 'released') return { kind: 'nobody' };
  const { identity: holder, role, until } = reading.value;
  const { state } = await probe(holder);
  const isOver = state === 'dead' || (state === 'unknown' && Date.now() > until);
  return isOver ? { kind: 'nobody' } : { kind: state, role, identity: holder };
}

let own: Promise<ProcessIdentity> | undefined;

/** Of this process, which stays the same. @throws when it cannot be looked at */
function ownIdentity(): Promise<ProcessIdentity> {
  own ??= identify(process.pid).then(
    (identity) => identity ?? { pid: process.pid },
    (error: unknown) => {
      own = undefined;
      throw error;
    },
  );
  return own;
}
