import { join } from 'node:path';
import { warmConfig } from '@csa/calls/config';
import { stateRoots } from '@csa/session';
import { type TranscriptSearch, transcriptDirectories, transcriptsBelow } from '@csa/transcript';
import { type CacheReport, CacheTally, type PriceOverrides, type Pricing, pricingFor, TurnIndex } from '@csa/warm';

export interface CacheWish {
  /** Directories of transcripts; none: where this user's agents write. */
  readonly directories: readonly string[];
  /** Milliseconds. */
  readonly sinceMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly project: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What was looked at in one directory. */
export interface LookedAt {
  readonly directory: string;
  readonly search: TranscriptSearch['kind'];
  /** Of an unreadable one. */
  readonly code?: string;
  /** Of the window; each was read. */
  readonly transcripts: number;
  /** Nothing in them is young enough. */
  readonly older: number;
  /** Could not be read, or were gone before. */
  readonly unread: number;
  /** There was more than is ever looked through. */
  readonly isCut: boolean;
}

export interface CachesRead {
  readonly since: number;
  readonly now: number;
  readonly lookedAt: readonly LookedAt[];
  readonly report: CacheReport;
  /** For stderr. */
  readonly warnings: readonly string[];
}

/**
 * Reads the transcripts of a time, and what they show of prompt caches. Sends nothing and changes nothing but what it
 * remembers for the next time.
 */
export function readCaches({ directories, sinceMs, env, project, now }: CacheWish): CachesRead {
  const since = now - sinceMs;
  const config = warmConfig({ env, project });
  const tally = new CacheTally({ since, now, pricingOf: pricingOf(config.pricesOf) });
  const index = new TurnIndex(join(stateRoots(env).primary, '.warm', 'report'));
  // One directory may lie below another one that was named, too.
  const seen = new Set<string>();
  const lookedAt = (directories.length > 0 ? directories : transcriptDirectories(env)).map((directory) => {
    const search = transcriptsBelow(directory);
    const places = search.kind === 'found' ? search.transcripts.filter(({ path }) => !seen.has(path)) : [];
    for (const { path } of places) seen.add(path);
    const young = places.filter(({ writtenAt }) => writtenAt >= since);
    const told = young.flatMap((place) => index.conversation(place) ?? []);
    for (const conversation of told) tally.add(conversation);
    const older = places.length - young.length;
    return { ...looked(directory, search), transcripts: told.length, older, unread: young.length - told.length };
  });
  index.prune();
  return { since, now, lookedAt, report: tally.report(), warnings: config.warnings };
}

function looked(
  directory: string,
  search: TranscriptSearch,
): Pick<LookedAt, 'directory' | 'search' | 'code' | 'isCut'> {
  const isCut = search.kind === 'found' && search.isCut;
  return { directory, search: search.kind, isCut, ...(search.kind === 'unreadable' ? { code: search.code } : {}) };
}

/** The user's own price goes before the table. */
function pricingOf(pricesOf: (model: string) => PriceOverrides | undefined): (model: string) => Pricing {
  const known = new Map<string, Pricing>();
  return (model) => {
    const pricing = known.get(model) ?? pricingFor(model, pricesOf(model));
    known.set(model, pricing);
    return pricing;
  };
}
