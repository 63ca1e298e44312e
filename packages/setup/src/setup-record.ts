import { flag, listOf, object, oneOf, optional, type Shape, tagged, text } from '@csa/session/files';
import { AGENTS, type Agent } from './agents/agents.ts';
import type { Entry, Ours } from './entry.ts';
import type { Json } from './json/json-value.ts';
import type { Format } from './plan.ts';

/** What was done to one file, for whoever undoes it. */
export interface SetupRecord {
  readonly agent: Agent;
  /** `user`, or the directory of a project. */
  readonly place: string;
  readonly path: string;
  readonly format: Format;
  /** Whether the file was there before setup first wrote to it. */
  readonly origin: 'created' | 'there';
  /** Digest of the backup, from which alone what was there can be had back; not with a file that was created, or edited since. */
  readonly before?: string | undefined;
  /** Digest of what setup has left. */
  readonly after: string;
  /** Directories that were made for it, the outermost first. */
  readonly made: readonly string[];
  readonly ours: Ours;
}

const MAX_ENTRIES = 1_000;

const path = listOf(text, MAX_ENTRIES);
/** It was parsed as JSON. */
const json: Shape<Json> = (value) => value as Json;

const located = {
  id: text,
  path,
  value: json,
  isBase: optional(flag),
};
const entry: Shape<Entry> = tagged<Entry>('kind', {
  member: object<Extract<Entry, { kind: 'member' | 'item' }>>({ kind: oneOf('member', 'item'), ...located }),
  item: object<Extract<Entry, { kind: 'member' | 'item' }>>({ kind: oneOf('member', 'item'), ...located }),
  block: object<Extract<Entry, { kind: 'block' }>>({ kind: oneOf('block'), id: text, text }),
});

const record: Shape<SetupRecord> = object<SetupRecord>({
  agent: oneOf(...AGENTS),
  place: text,
  path: text,
  format: oneOf('json', 'toml', 'own'),
  origin: oneOf('created', 'there'),
  before: optional(text),
  after: text,
  made: listOf(text, MAX_ENTRIES),
  ours: object<Ours>({ entries: listOf(entry, MAX_ENTRIES), holders: listOf(path, MAX_ENTRIES) }),
});

/** @throws for everything that is no record */
export function parseSetupRecord(source: string): SetupRecord {
  return record(JSON.parse(source));
}
