import { cleanLine } from '@csa/markers';
import type { WarmView } from '@csa/warm';
import { MONEY_UNIT } from '../money.ts';

/** How one conversation is kept warm for one session, as documents show it. */
export interface WarmFields {
  readonly session: string;
  readonly caller: WarmView['key']['caller'];
  readonly state: 'on' | 'off';
  /** Why it is off: a word of the closed set. */
  readonly reason: string | null;
  readonly left_ms: number | null;
  /** Whether somebody really sends requests: `none` although it is on after a crash or a reboot. */
  readonly heartbeat: WarmView['heartbeat'];
  readonly next_beat_ms: number | null;
  /** Whether the caller's own request is under way. */
  readonly caller_state: WarmView['caller'];
  readonly cache: WarmView['cache'];
  readonly driver: string;
  readonly interval_ms: number;
  readonly ttl_ms: number;
  readonly ttl_source: string;
  /** `null`: the books cannot be read now. */
  readonly books: BookFields | null;
  readonly last: LastFields | null;
}

interface BookFields {
  readonly warms: number;
  readonly full: number;
  readonly failed: number;
  readonly unaccounted: number;
  readonly hit_percent: number | null;
  readonly retention_percent: number | null;
  /** How much of the conversation's own prefix was read. */
  readonly prefix_percent: number | null;
  /** Of all requests together, as far as they say; `null`: none does. */
  readonly tokens: {
    readonly input: number | null;
    readonly read: number | null;
    readonly write: number | null;
    readonly write_hour: number | null;
    readonly output: number | null;
  };
  /** `null`: a price is unknown, and no saving is claimed. */
  readonly money: {
    readonly unit: typeof MONEY_UNIT;
    readonly spent: number;
    readonly avoided: number;
    readonly net: number;
  } | null;
}

interface LastFields {
  readonly at: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly read_tokens: number | null;
  readonly write_tokens: number | null;
  readonly stale: boolean;
}

const MAX_ERROR_BYTES = 300;

export function warmFields(view: WarmView): WarmFields {
  const { key, power, books, lastBeat } = view;
  return {
    session: key.session,
    caller: { agent: key.caller.agent, id: key.caller.id },
    state: power.kind,
    reason: power.kind === 'off' ? power.reason : null,
    left_ms: power.kind === 'on' ? Math.round(power.leftMs) : null,
    heartbeat: view.heartbeat,
    next_beat_ms: view.nextBeatMs === undefined ? null : Math.round(view.nextBeatMs),
    caller_state: view.caller,
    cache: view.cache,
    driver: view.driver,
    interval_ms: view.intervalMs,
    ttl_ms: view.ttl.ms,
    ttl_source: view.ttl.source,
    books: books === null ? null : bookFields(books),
    last: lastBeat === undefined ? null : lastFields(lastBeat),
  };
}

function bookFields(books: NonNullable<WarmView['books']>): BookFields {
  const { warms, full, failed, unaccounted, hitPercent, retentionPercent, prefixPercent, tokens, money } = books;
  const { input, read, write, writeHour, output } = tokens;
  return {
    warms,
    full,
    failed,
    unaccounted,
    hit_percent: hitPercent,
    retention_percent: retentionPercent,
    prefix_percent: prefixPercent,
    tokens: { input, read, write, write_hour: writeHour, output },
    money: money === null ? null : { unit: MONEY_UNIT, spent: money.spent, avoided: money.avoided, net: money.net },
  };
}

function lastFields({ at, verdict, reason, error, usage, stale }: NonNullable<WarmView['lastBeat']>): LastFields {
  return {
    at: new Date(at).toISOString(),
    verdict,
    reason: reason ?? null,
    error: error === undefined ? null : cleanLine(error, MAX_ERROR_BYTES),
    read_tokens: usage?.read ?? null,
    write_tokens: usage?.write ?? null,
    stale: stale === true,
  };
}
