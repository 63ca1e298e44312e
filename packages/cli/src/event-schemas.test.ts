import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BriefEvent, MAX_BYTES, type SkipReason, TRIGGERS } from '@csa/brief';
import { SENDING_DRIVERS } from '@csa/calls/warm';
import { WARM_REASONS, type WarmEvent } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { faultsOf } from './json-schema.test.fixture.ts';

/** The compiler refuses one that lacks a word, and one that has a word too many. */
const SKIP_REASONS: Readonly<Record<SkipReason, true>> = {
  refresh_in_progress: true,
  min_interval_not_elapsed: true,
  no_new_records: true,
  probe_failed: true,
  source_cold: true,
  empty_render: true,
};
const BRIEF_EVENTS: Readonly<Record<BriefEvent['event'], true>> = {
  brief_write_started: true,
  brief_write_success: true,
  brief_write_skipped: true,
  brief_write_failed: true,
};
const WARM_EVENTS: Readonly<Record<WarmEvent['event'], true>> = {
  warm_started: true,
  warm_success: true,
  warm_skipped: true,
  warm_failed: true,
  warm_stopped: true,
};
const WARM_TRIGGERS: Readonly<Record<WarmEvent['trigger'], true>> = { heartbeat: true, wait: true };

interface Schema {
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[]; readonly maximum?: number }>>;
  readonly oneOf: ReadonlyArray<{ readonly properties: { readonly event: { readonly const: string } } }>;
}

function schemaOf(name: string): Schema {
  const path = fileURLToPath(new URL(`../schemas/${name}.schema.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8'));
}

function words(name: string, property: string): string[] {
  return schemaOf(name).properties[property]?.enum?.toSorted() ?? [];
}

describe('the published words of events', () => {
  it.each<[schema: string, property: string, own: readonly string[]]>([
    ['warm-event', 'event', Object.keys(WARM_EVENTS)],
    ['warm-event', 'trigger', Object.keys(WARM_TRIGGERS)],
    ['warm-event', 'driver', SENDING_DRIVERS],
    ['warm-event', 'reason', WARM_REASONS],
    ['brief-event', 'event', Object.keys(BRIEF_EVENTS)],
    ['brief-event', 'trigger', TRIGGERS],
    ['brief-event', 'reason', Object.keys(SKIP_REASONS)],
  ])('are those of the program: %s, %s', (schema, property, own) => {
    expect(words(schema, property)).toEqual(own.toSorted());
  });

  it.each(['warm-event', 'brief-event'])('say of each event what it holds: %s', (name) => {
    const told = schemaOf(name).oneOf.map(({ properties }) => properties.event.const);
    expect(told.toSorted()).toEqual(words(name, 'event'));
  });

  it('bound a brief as the program does', () => {
    expect(schemaOf('brief-event').properties['rendered_chars']?.maximum).toBe(MAX_BYTES);
  });
});

const WARM = {
  schema: 'csa.warm-event/1',
  at: '2026-03-01T12:00:00.000Z',
  session: '01M0F77JH0BVPHYFAVF40A3GZ5',
  caller: 'me',
  trigger: 'heartbeat',
  driver: 'command',
  generation: 1,
};
const TOLD = { input: 1, read: 2, write: 0, write_hour: null, output: 1 };
const BRIEF = { schema: 'csa.brief-event/1', at: WARM.at, trigger: 'forced', project: '/home/me/project' };
const WATERMARK = { records_count: 1, max_id: WARM.session, max_started_at: null, max_completed_at: null, sequence: 7 };
const FAILED = { error_type: 'ENOSPC', message: 'no room', duration_ms: 3, severity: 'warning' };

/** What each event says beside what all of them say. */
const OWN: Readonly<Record<string, ReadonlyArray<readonly [event: string, own: object]>>> = {
  'warm-event': [
    ['warm_started', {}],
    ['warm_success', { duration_ms: 250, usage: TOLD }],
    ['warm_skipped', { reason: 'backoff' }],
    ['warm_failed', { reason: 'probe_failed', duration_ms: 250, usage: null }],
    ['warm_stopped', { reason: 'session_ended' }],
  ],
  'brief-event': [
    ['brief_write_started', {}],
    ['brief_write_success', { rendered_chars: 10, watermark: WATERMARK, duration_ms: 3 }],
    ['brief_write_skipped', { reason: 'no_new_records' }],
    ['brief_write_failed', FAILED],
  ],
};
const COMMON: Readonly<Record<string, object>> = { 'warm-event': WARM, 'brief-event': BRIEF };
const KINDS = Object.entries(OWN).flatMap(([schema, kinds]) =>
  kinds.map(([event, own]) => [schema, event, { ...COMMON[schema], event, ...own }, own] as const),
);

it('the line that the page shows is by its schema', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/warm.md', import.meta.url)), 'utf8');
  const lines = page.match(/^\{"schema":"csa\.warm-event.*\}$/gm) ?? [];
  expect(lines.map((line) => faultsOf('warm-event', JSON.parse(line)))).toEqual([[]]);
});

describe('an event', () => {
  it.each(KINDS)('%s: %s is one with all of its fields, and with nothing beside them', (schema, _, event) => {
    expect(faultsOf(schema, event)).toEqual([]);
    expect(faultsOf(schema, { ...event, more: 1 })).not.toEqual([]);
    for (const field of Object.keys(event)) {
      const { [field]: left, ...rest } = event as Record<string, unknown>;
      expect([field, faultsOf(schema, rest)]).not.toEqual([field, []]);
    }
  });

  it.each(KINDS)('%s: %s says nothing that only another one says', (schema, name, event, own) => {
    for (const [other, foreign] of OWN[schema] ?? []) {
      const extra = Object.keys(foreign).some((field) => !(field in own));
      if (other !== name && extra) expect([other, faultsOf(schema, { ...event, ...foreign })]).not.toEqual([other, []]);
    }
  });

  it.each([
    ['warm-event', { event: 'warm_skipped', reason: 'bored' }],
    ['warm-event', { event: 'warm_skipped', reason: 'backoff', repeated: 0 }],
    ['warm-event', { event: 'warm_success', duration_ms: 1, usage: { ...TOLD, read: -1 } }],
    ['warm-event', { event: 'warm_started', at: '2026-03-01' }],
    ['brief-event', { event: 'brief_write_skipped', reason: 'not_due' }],
    ['brief-event', { event: 'brief_write_success', rendered_chars: 0, watermark: WATERMARK, duration_ms: 3 }],
    ['brief-event', { event: 'brief_write_failed', ...FAILED, message: 'x'.repeat(201) }],
    ['brief-event', { event: 'brief_write_failed', ...FAILED, severity: 'error' }],
  ])('of %s is not %j', (schema, event) => {
    expect(faultsOf(schema, { ...COMMON[schema], ...event })).not.toEqual([]);
  });
});
