import { createHash } from 'node:crypto';
import type { PromptBlock, Tier } from './messages-request.ts';

/** What a provider says of one request, in tokens; the four parts are the whole prompt. */
export interface CacheUse {
  readonly input: number;
  readonly read: number;
  readonly write: number;
  /** The part of `write` that is kept for an hour. */
  readonly writeHour: number;
}

export interface Prompt {
  /** What no two caches share: a model, an organisation. */
  readonly scope: string;
  readonly blocks: readonly PromptBlock[];
  /** A shorter prefix is not kept, and nothing says so. */
  readonly minTokens: number;
}

interface Entry {
  readonly lifeMs: number;
  expiresAt: number;
}

const LIFE_MS: Readonly<Record<Tier, number>> = { '5m': 300_000, '1h': 3_600_000 };
/** So many blocks are looked at for each breakpoint, its own among them. */
const LOOK_BACK = 20;

/** In tokens; 1,024 for all others. */
const MIN_PREFIX: ReadonlyMap<string, number> = new Map([
  ['claude-haiku-4-5', 4_096],
  ['claude-opus-4-5', 4_096],
  ['claude-3-5-haiku', 2_048],
]);
const USUAL_MIN_PREFIX = 1_024;

/**
 * The cache of a provider that keeps exact prefixes: written at the breakpoints alone, found by looking back from them,
 * renewed free of charge by being read, and alive from the start of the request that wrote or read it.
 */
export class PrefixCache {
  readonly #entries = new Map<string, Entry>();

  /** What a request at `startedAt` reads and writes; `keep` does it, when the answer is there. */
  look({ scope, blocks, minTokens }: Prompt, startedAt: number): { readonly use: CacheUse; readonly keep: () => void } {
    const hashes = chain(scope, blocks);
    const ends = runningTotals(blocks);
    const upTo = (index: number) => ends[index] ?? 0;
    const marks = [...blocks.keys()].filter((i) => blocks[i]?.breakpoint !== undefined && upTo(i) >= minTokens);
    const hit = this.#longestHit(marks, hashes, startedAt);
    const hourMark = marks.findLast((i) => blocks[i]?.breakpoint === '1h') ?? -1;

    const read = upTo(hit);
    const write = Math.max(0, upTo(marks.at(-1) ?? -1) - read);
    const writeHour = Math.max(0, upTo(hourMark) - read);
    const input = upTo(blocks.length - 1) - read - write;
    const keep = () => {
      this.#renew(hashes.slice(0, hit + 1), startedAt);
      for (const i of marks) this.#put(hashes[i] ?? '', blocks[i]?.breakpoint ?? '5m', startedAt);
    };
    return { use: { input, read, write, writeHour }, keep };
  }

  /** Providers do that before the time is over, too. */
  evict(): void {
    this.#entries.clear();
  }

  #longestHit(marks: readonly number[], hashes: readonly string[], now: number): number {
    const isLive = (index: number) => (this.#entries.get(hashes[index] ?? '')?.expiresAt ?? 0) > now;
    const hits = marks.map((mark) => range(Math.max(0, mark - LOOK_BACK + 1), mark).findLast(isLive) ?? -1);
    return Math.max(-1, ...hits);
  }

  #renew(hashes: readonly string[], startedAt: number): void {
    for (const hash of hashes) {
      const entry = this.#entries.get(hash);
      if (entry !== undefined && entry.expiresAt > startedAt) entry.expiresAt = startedAt + entry.lifeMs;
    }
  }

  #put(hash: string, tier: Tier, startedAt: number): void {
    const known = this.#entries.get(hash);
    if (known !== undefined && known.expiresAt > startedAt) return;
    this.#entries.set(hash, { lifeMs: LIFE_MS[tier], expiresAt: startedAt + LIFE_MS[tier] });
  }
}

/** Each hash stands for all blocks up to its own. */
function chain(scope: string, blocks: readonly PromptBlock[]): string[] {
  let last = scope;
  return blocks.map(({ text }) => {
    last = createHash('sha256').update(`${last}\n${text}`).digest('hex');
    return last;
  });
}

function runningTotals(blocks: readonly PromptBlock[]): number[] {
  let total = 0;
  return blocks.map(({ tokens }) => {
    total += tokens;
    return total;
  });
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The fewest tokens that a model keeps. */
export function minPrefixOf(model: string): number {
  for (const [name, tokens] of MIN_PREFIX) if (model.startsWith(name)) return tokens;
  return USUAL_MIN_PREFIX;
}
