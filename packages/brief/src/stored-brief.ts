import { createHash } from 'node:crypto';
import { lutimesSync } from 'node:fs';
import {
  count,
  errnoOf,
  listOf,
  namesIn,
  nullable,
  object,
  oneOf,
  readRecord,
  removeQuietly,
  type Shape,
  text,
  writeAtomically,
} from '@csa/session/files';
import type { BriefPlaces } from './places.ts';
import type { Watermark } from './watermark.ts';

/** What stands beside a brief. The names are those of the file. */
export interface Sidecar {
  readonly schema: 'csa.brief/1';
  readonly watermark: Watermark;
  /** UTF-16 units. */
  readonly rendered_chars: number;
  /** Of the payload's bytes. The two files are renamed one after the other: only a pair that fits is one. */
  readonly sha256: string;
  /** RFC 3339 in UTC. */
  readonly written_at: string;
  /** The sessions and heartbeats that the payload calls alive. */
  readonly alive: readonly string[];
}

/** A pair that fits. */
export interface StoredBrief {
  readonly text: string;
  readonly sidecar: Sidecar;
}

/** What there is of a brief: either half may be missing. */
export interface Remains {
  readonly payload?: string;
  /** Present where the two halves fit. */
  readonly brief?: StoredBrief;
}

/** More never run at a time on one machine; and the file stays one that is read back. */
const MAX_ALIVE = 10_000;
/** Of what is written whole; the lock's own drafts are removed by whoever takes it. */
const DRAFT = /^\.(?:brief\.md|brief\.meta\.json|index\.json)\.[0-9a-f]{12}$/;

const sidecar: Shape<Sidecar> = object<Sidecar>({
  schema: oneOf('csa.brief/1'),
  watermark: object<Watermark>({
    records_count: count,
    max_id: nullable(text),
    max_started_at: nullable(text),
    max_completed_at: nullable(text),
    sequence: count,
  }),
  rendered_chars: count,
  sha256: text,
  written_at: time,
  alive: listOf(text, MAX_ALIVE),
});

/** What stands there now; whatever is torn, hostile or none of ours is absent. Never throws. */
export function readRemains(places: BriefPlaces): Remains {
  const payload = valueIn(places.payload, (text) => text);
  const beside = valueIn(places.sidecar, (text) => sidecar(JSON.parse(text)));
  if (payload === undefined) return {};
  const fits = beside?.sha256 === digest(payload);
  return fits ? { payload, brief: { text: payload, sidecar: beside } } : { payload };
}

/** Milliseconds since it was written; negative where the clock was set back. */
export function ageOf({ sidecar: { written_at } }: StoredBrief, now: number): number {
  return now - Date.parse(written_at);
}

/**
 * Writes a pair; the payload only where its bytes differ from those that stand there. Killed in between, this leaves two
 * halves that do not fit.
 * @throws a system error
 */
export function writeStored(places: BriefPlaces, { payload }: Remains, brief: StoredBrief): 'written' | 'unchanged' {
  const isSame = payload === brief.text;
  if (!isSame) writeAtomically(places.payload, brief.text);
  writeAtomically(places.sidecar, `${JSON.stringify(brief.sidecar)}\n`);
  return isSame ? 'unchanged' : 'written';
}

/** Says that somebody has looked, and found it to be so still: by the file's times alone. Never throws. */
export function touchStored(places: BriefPlaces, now: number): void {
  try {
    lutimesSync(places.sidecar, now / 1000, now / 1000);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

/** The sidecar first: a payload alone is no brief. Never throws. */
export function removeStored(places: BriefPlaces): void {
  removeQuietly(places.sidecar);
  removeQuietly(places.payload);
}

/** A pair as it is to be written. `writtenAt`: milliseconds since the epoch. */
export function storedAs(
  text: string,
  beside: { readonly watermark: Watermark; readonly writtenAt: number; readonly alive: readonly string[] },
): StoredBrief {
  const { watermark, writtenAt, alive } = beside;
  return {
    text,
    sidecar: {
      schema: 'csa.brief/1',
      watermark,
      rendered_chars: text.length,
      sha256: digest(text),
      written_at: new Date(writtenAt).toISOString(),
      alive: alive.slice(0, MAX_ALIVE),
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What writers have left that were killed; only for the one who holds the lock. Never throws. */
export function removeDrafts({ folder, workshop }: BriefPlaces): void {
  for (const place of [folder, workshop]) {
    for (const name of namesIn(place)) if (DRAFT.test(name)) removeQuietly(`${place}/${name}`);
  }
}

function valueIn<T>(path: string, parse: (text: string) => T): T | undefined {
  const reading = readRecord({ path, owner: process.getuid?.() ?? 0 }, parse);
  return reading.kind === 'present' ? reading.value : undefined;
}

function time(value: unknown): string {
  const written = text(value);
  if (Number.isNaN(Date.parse(written))) throw new TypeError('expected a time');
  return written;
}
