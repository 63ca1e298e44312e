/** How much is kept. */
export interface Bounds {
  readonly maxEntries: number;
  /** Of the weights of all entries together. */
  readonly maxBytes: number;
}

interface Resident<V> {
  readonly value: V;
  readonly weight: number;
  /** When it was last asked for, counted in questions. */
  askedAt: number;
}

/** How many names of those that were turned away are remembered, for each entry that there may be. */
const TURNED_AWAY_PER_ENTRY = 4;

/**
 * Keeps what was asked for most recently, within bounds. Where there is no more room a newcomer takes the place of the
 * oldest only if it was asked for before, and more recently than that one: a scan of more than there is room for passes
 * by, and what is read again and again gets in when it is asked for the second time.
 */
export class Residents<V> {
  /** Oldest first. */
  readonly #residents = new Map<string, Resident<V>>();
  readonly #turnedAway = new Map<string, number>();
  #bounds: Bounds;
  #bytes = 0;
  #questions = 0;
  #evictions = 0;

  /** @throws RangeError for a bound that is no whole number, or negative */
  constructor(bounds: Bounds) {
    this.#bounds = checked(bounds);
  }

  /** How many have had to go for want of room. */
  get evictions(): number {
    return this.#evictions;
  }

  get size(): number {
    return this.#residents.size;
  }

  peek(key: string): V | undefined {
    return this.#residents.get(key)?.value;
  }

  /** It was asked for, and given. */
  touch(key: string): void {
    const resident = this.#residents.get(key);
    if (resident === undefined) return;
    this.#residents.delete(key);
    this.#residents.set(key, resident);
    resident.askedAt = this.#ask();
  }

  /**
   * It was asked for, and read: keeps it in the place of what was kept of it, if there is room.
   * @throws RangeError for a weight that is none
   */
  offer(key: string, value: V, weight: number): void {
    if (!(weight >= 0)) throw new RangeError(`${key} cannot weigh ${weight} bytes`);
    const askedBefore = this.#residents.get(key)?.askedAt ?? this.#turnedAway.get(key);
    this.delete(key);
    this.#turnedAway.delete(key);
    const askedAt = this.#ask();
    if (!this.#makeRoom(weight, askedBefore)) {
      this.#turnAway(key, askedAt);
      return;
    }
    this.#residents.set(key, { value, weight, askedAt });
    this.#bytes += weight;
  }

  delete(key: string): void {
    this.#bytes -= this.#residents.get(key)?.weight ?? 0;
    this.#residents.delete(key);
  }

  clear(): void {
    this.#residents.clear();
    this.#turnedAway.clear();
    this.#bytes = 0;
  }

  /** @throws RangeError */
  setMaxEntries(maxEntries: number): void {
    this.#bounds = checked({ ...this.#bounds, maxEntries });
    for (const key of this.#residents.keys()) {
      if (this.#residents.size <= maxEntries) break;
      this.#evict(key);
    }
    this.#forgetTurnedAway();
  }

  #ask(): number {
    this.#questions += 1;
    return this.#questions;
  }

  /** Nobody has to go where the newcomer does not get in. */
  #makeRoom(weight: number, askedBefore = 0): boolean {
    const { maxEntries, maxBytes } = this.#bounds;
    if (maxEntries === 0 || maxBytes === 0 || weight > maxBytes) return false;
    let [entries, bytes] = [this.#residents.size + 1, this.#bytes + weight];
    const leaving: string[] = [];
    for (const [key, resident] of this.#residents) {
      if (entries <= maxEntries && bytes <= maxBytes) break;
      if (resident.askedAt > askedBefore) return false;
      leaving.push(key);
      [entries, bytes] = [entries - 1, bytes - resident.weight];
    }
    for (const key of leaving) this.#evict(key);
    return true;
  }

  #evict(key: string): void {
    this.delete(key);
    this.#evictions += 1;
  }

  #turnAway(key: string, askedAt: number): void {
    this.#turnedAway.set(key, askedAt);
    this.#forgetTurnedAway();
  }

  #forgetTurnedAway(): void {
    for (const key of this.#turnedAway.keys()) {
      if (this.#turnedAway.size <= TURNED_AWAY_PER_ENTRY * this.#bounds.maxEntries) return;
      this.#turnedAway.delete(key);
    }
  }
}

function checked(bounds: Bounds): Bounds {
  for (const [name, bound] of Object.entries(bounds)) {
    if (Number.isSafeInteger(bound) && bound >= 0) continue;
    throw new RangeError(`${name} of a cache is a whole number from 0 on, not ${bound}`);
  }
  return bounds;
}
