import type { BriefPlaces } from './places.ts';
import { probeSource } from './probe-source.ts';
import { renderBrief } from './render-brief.ts';
import type { BriefSource } from './source.ts';
import { ageOf, readRemains } from './stored-brief.ts';

/** All in milliseconds. */
export interface ReadWish {
  /** 0: of any age. */
  readonly maxAgeMs: number;
  /** Since the epoch. */
  readonly now: number;
  /** The longest that rendering may take. */
  readonly capMs: number;
  /** Whether a text from the file is one for this reader, as by the words of its commands. Default: every one is. */
  readonly suits?: (text: string) => boolean;
}

/** A clock that was set back makes a brief one of the future: its age is 0 then. */
interface Age {
  readonly ageMs: number;
  readonly isFuture: boolean;
}

export type BriefReading =
  | ({ readonly kind: 'hit'; readonly text: string } & Age)
  | ({ readonly kind: 'live'; readonly why: LiveReason; readonly text: string } & Partial<Age>)
  | { readonly kind: 'none'; readonly why: 'nothing_to_say' | 'too_slow' }
  | { readonly kind: 'none'; readonly why: 'failed'; readonly error: unknown };

/**
 * Why a brief was not taken from its file: there is none that can be believed, something has happened since, it is for
 * other readers, or it is too old.
 */
export type LiveReason = 'absent' | 'changed' | 'foreign' | 'stale';

/** What a starting agent is told: from the file where that still is so, else found out now. Never throws. */
export async function readBrief(places: BriefPlaces, source: BriefSource, wish: ReadWish): Promise<BriefReading> {
  const cap = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const capped = new Promise<BriefReading>((resolve) => {
    timer = setTimeout(() => {
      cap.abort();
      resolve({ kind: 'none', why: 'too_slow' });
    }, wish.capMs);
  });
  const read = readFresh(places, source, { ...wish, signal: cap.signal });
  try {
    return await Promise.race([read.catch((error: unknown) => failed(error)), capped]);
  } finally {
    clearTimeout(timer);
  }
}

async function readFresh(
  places: BriefPlaces,
  source: BriefSource,
  { now, maxAgeMs, suits, signal }: ReadWish & { readonly signal: AbortSignal },
): Promise<BriefReading> {
  const { brief } = readRemains(places);
  if (brief === undefined) return renderLive(source, { why: 'absent', signal });
  const ms = ageOf(brief, now);
  const age = { ageMs: Math.max(0, ms), isFuture: ms < 0 };
  // One that cannot be looked at is rendered too: that fails, and says why, or does not fail.
  if ((await probeSource(source, brief)).kind !== 'unchanged')
    return renderLive(source, { why: 'changed', age, signal });
  if (suits?.(brief.text) === false) return renderLive(source, { why: 'foreign', age, signal });
  if (maxAgeMs > 0 && age.ageMs >= maxAgeMs) return renderLive(source, { why: 'stale', age, signal });
  return { kind: 'hit', text: brief.text, ...age };
}

async function renderLive(
  source: BriefSource,
  { why, age, signal }: { readonly why: LiveReason; readonly age?: Age; readonly signal: AbortSignal },
): Promise<BriefReading> {
  const text = renderBrief(await source.content(signal));
  return text === '' ? { kind: 'none', why: 'nothing_to_say' } : { kind: 'live', why, text, ...age };
}

function failed(error: unknown): BriefReading {
  return { kind: 'none', why: 'failed', error };
}
