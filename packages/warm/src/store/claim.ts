import { randomUUID } from 'node:crypto';
import { identify, type ProcessIdentity, probe } from '@csa/liveness';
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
    }
  | { readonly kind: 'released' };

/** `unknown`: whether the process that holds it still runs cannot be told, and so it does, until its time is over. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'alive'; readonly role: ClaimRole; readonly identity: ProcessIdentity }
  | { readonly kind: 'unknown'; readonly role: ClaimRole; readonly identity: ProcessIdentity }
  | { readonly kind: 'unreadable' };

/** Somebody's own hold on a claim. */
export interface Hold {
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
  held: object({ kind: oneOf('held'), token: text, role: oneOf('heartbeat', 'wait'), identity, until: count }),
  released: object({ kind: oneOf('released') }),
});

/**
 * What one process alone may do at a time. It is taken over only from a holder that is proven dead, so that nobody has
 * to clean up behind one that was killed.
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
   * Takes it for this process, or says who has it.
   *
   * @param until when it will be released at the latest, in milliseconds since the epoch
   * @throws a system error: nothing was taken
   */
  async take(role: ClaimRole, until: number): Promise<Hold | Exclude<Holder, { kind: 'nobody' }>> {
    const mine: ClaimRecord = { kind: 'held', token: randomUUID(), role, identity: await ownIdentity(), until };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const version = this.#register.read();
      const holder = await holderOf(version);
      if (holder.kind !== 'nobody') return holder;
      if (this.#register.tryWrite(version.number, mine)) return this.#holdOf(mine.token);
    }
    return { kind: 'unreadable' };
  }

  #holdOf(token: string): Hold {
    return {
      release: () => {
        try {
          const { number, reading } = this.#register.read();
          const isMine = reading.kind === 'present' && reading.value.kind === 'held' && reading.value.token === token;
          if (isMine) this.#register.tryWrite(number, { kind: 'released' });
        } catch (error) {
          if (errnoOf(error) === undefined) throw error;
        }
      },
    };
  }
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
