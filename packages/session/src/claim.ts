import { randomUUID } from 'node:crypto';
import { endProvenGroup, identify, type ProcessIdentity, probe } from '@csa/liveness';
import { errnoOf } from './refusal.ts';
import { Register, type Version } from './register.ts';
import { count, object, oneOf, optional, type Shape, tagged, text } from './shape.ts';

/** `Role`: what for a process may hold it, in a word of whoever makes the claim. */
export type ClaimRecord<Role extends string> =
  | {
      readonly kind: 'held';
      /** Tells two claims of one process apart. */
      readonly token: string;
      readonly role: Role;
      readonly identity: ProcessIdentity;
      /** When it will be over at the latest, by its holder's own word; milliseconds since the epoch. */
      readonly until: number;
      /** What it has started, the leader of a group: it runs on when its holder is killed. */
      readonly program?: ProcessIdentity;
    }
  | { readonly kind: 'released' };

type Held<Role extends string> = Extract<ClaimRecord<Role>, { kind: 'held' }>;

/** `unknown`: whether the process that holds it still runs cannot be told, and so it does, until its time is over. */
export type Holder<Role extends string> =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'alive'; readonly role: Role; readonly identity: ProcessIdentity }
  | { readonly kind: 'unknown'; readonly role: Role; readonly identity: ProcessIdentity }
  | { readonly kind: 'unreadable' };

/** Somebody's own hold on a claim. */
export interface Hold {
  /** Writes down what was started under it, for whoever finds this process dead. Never throws. */
  note(program: ProcessIdentity): void;
  /** Never throws: a process that has ended holds nothing either. */
  release(): void;
}

/** Where a claim stands. */
export interface ClaimPlace {
  readonly directory: string;
  readonly name: string;
  /**
   * It is over at its time, even of a holder that lives: one that was stopped, or hangs, keeps nobody out for ever. Only
   * for what two may do at once without harm.
   */
  readonly isOverInTime?: boolean;
}

const MAX_ATTEMPTS = 100;

const identity: Shape<ProcessIdentity> = object<ProcessIdentity>({
  pid: count,
  startTime: optional(text),
  bootId: optional(text),
  machineId: optional(text),
  pidNamespace: optional(text),
});

function recordOf<Role extends string>(roles: readonly Role[]): Shape<ClaimRecord<Role>> {
  return tagged<ClaimRecord<Role>>('kind', {
    held: object<Held<Role>>({
      kind: oneOf('held'),
      token: text,
      role: oneOf(...roles),
      identity,
      until: count,
      program: optional(identity),
    }),
    released: object({ kind: oneOf('released') }),
  });
}

/**
 * What one process alone may do at a time. It is taken over only from a holder that is proven dead, unless its place says
 * more, so that nobody has to clean up behind one that was killed. What that one has left running is ended before.
 */
export class Claim<Role extends string> {
  readonly #register: Register<ClaimRecord<Role>>;
  readonly #isOverInTime: boolean;

  /** A claim for any other role than these is none of ours, and claims nothing. */
  constructor({ directory, name, isOverInTime = false }: ClaimPlace, roles: readonly Role[]) {
    this.#register = new Register({ directory, name, parse: recordOf(roles) });
    this.#isOverInTime = isOverInTime;
  }

  /** Who holds it now. Only looks. */
  holder(): Promise<Holder<Role>> {
    return holderOf(this.#register.read(), this.#isOverInTime);
  }

  /**
   * Ends what a dead holder has left running, and says who holds it then. `unknown`: also a program that could not be
   * ended, or not be proven to be that one, until the holder's time is over.
   */
  clear(): Promise<Holder<Role>> {
    return clearedHolder(this.#register.read(), this.#isOverInTime);
  }

  /**
   * Forgets a claim that nobody holds, and the drafts of all. Only for one process at a time.
   * @throws a system error
   */
  async forget(): Promise<void> {
    this.#register.removeDrafts();
    const version = this.#register.read();
    if ((await clearedHolder(version, this.#isOverInTime)).kind === 'nobody') this.#register.tryRemove(version.number);
  }

  /**
   * Takes it for this process, or says who has it.
   *
   * @param until when it will be released at the latest, in milliseconds since the epoch
   * @throws a system error: nothing was taken
   */
  async take(role: Role, until: number): Promise<Hold | Exclude<Holder<Role>, { kind: 'nobody' }>> {
    const mine: ClaimRecord<Role> = { kind: 'held', token: randomUUID(), role, identity: await ownIdentity(), until };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const version = this.#register.read();
      const holder = await clearedHolder(version, this.#isOverInTime);
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
  #goOn(token: string, next: (mine: Held<Role>) => ClaimRecord<Role>): void {
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

async function clearedHolder<Role extends string>(
  version: Version<ClaimRecord<Role>>,
  isOverInTime: boolean,
): Promise<Holder<Role>> {
  const holder = await holderOf(version, isOverInTime);
  const { reading } = version;
  if (holder.kind !== 'nobody' || reading.kind !== 'present' || reading.value.kind !== 'held') return holder;
  const { program, role, until } = reading.value;
  if (program === undefined || (await endProvenGroup(program)) === 'ended' || Date.now() > until) return holder;
  return { kind: 'unknown', role, identity: program };
}

async function holderOf<Role extends string>(
  { reading }: Version<ClaimRecord<Role>>,
  isOverInTime: boolean,
): Promise<Holder<Role>> {
  if (reading.kind === 'error') return { kind: 'unreadable' };
  // Whatever is none of ours claims nothing.
  if (reading.kind !== 'present' || reading.value.kind === 'released') return { kind: 'nobody' };
  const { identity: holder, role, until } = reading.value;
  const { state } = await probe(holder);
  const isOver = state === 'dead' || ((isOverInTime || state === 'unknown') && Date.now() > until);
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
