import type { Agent } from './agents/agents.ts';
import { digestOf } from './digest.ts';
import type { Entry } from './entry.ts';
import { FileRefusal, withPaste } from './file-refusal.ts';
import { readJson } from './json/json-document.ts';
import { stripFile } from './plan.ts';
import type { SetupRecord } from './setup-record.ts';
import type { SetupStore } from './setup-store.ts';
import { removeEmpty } from './target/directories.ts';
import { readTarget, type Target } from './target/read-target.ts';
import { removeLeftovers } from './target/temporary.ts';
import { removeTarget, writeTarget } from './target/write-target.ts';
import { readToml } from './toml/toml-value.ts';

/** What is to become of a file. `text`: as it is to be. */
type Restoration =
  /** The bytes from before setup. */
  | { readonly kind: 'restored'; readonly text: string }
  | { readonly kind: 'removed' }
  /** The user has changed it since: only our own entries go. */
  | { readonly kind: 'stripped'; readonly text: string; readonly edited: readonly Entry[] }
  /** It is gone, or as it was before, or all of it is the user's by now. */
  | { readonly kind: 'nothing'; readonly why: 'gone' | 'as-before' | 'edited' };

export interface PlannedUndo {
  readonly record: SetupRecord;
  readonly target: Target;
  readonly restoration: Restoration;
}

const MAX_PATH = 4_096;

/** Looks at all files before any is written. @throws FileRefusal, Refusal */
export function planUndo(agent: Agent, place: string, store: SetupStore): PlannedUndo[] {
  return store
    .list(agent, place)
    .toSorted(innermostFirst)
    .map((record) => {
      const target = withPaste({ path: record.path, paste: () => [] }, () => readTarget(record.path));
      return { record, target, restoration: restorationOf(record, target, store) };
    });
}

/** @throws FileRefusal; the file is then as it was */
export function writeUndo({ record, target, restoration }: PlannedUndo, store: SetupStore): void {
  removeLeftovers(target);
  withPaste({ path: record.path, paste: () => [] }, () => {
    if (target.kind === 'absent') return removeEmpty(record.made);
    if (restoration.kind === 'nothing') return;
    if (restoration.kind === 'removed') removeTarget(target, record.made);
    else if (restoration.text !== target.text) writeTarget(target, Buffer.from(restoration.text, 'utf8'));
  });
  store.forget(record);
}

/** A directory that was made for several files is empty only when all of them are gone. */
function innermostFirst({ made: [a] }: SetupRecord, { made: [b] }: SetupRecord): number {
  return (b === undefined ? MAX_PATH : b.length) - (a === undefined ? MAX_PATH : a.length);
}

function restorationOf(record: SetupRecord, target: Target, store: SetupStore): Restoration {
  if (target.kind === 'absent') return { kind: 'nothing', why: 'gone' };
  const now = digestOf(target.bytes);
  if (now === record.before) return { kind: 'nothing', why: 'as-before' };
  const backup = now === record.after ? store.backup(record) : undefined;
  if (backup !== undefined) return { kind: 'restored', text: backup };
  if (record.format === 'own') return now === record.after ? { kind: 'removed' } : { kind: 'nothing', why: 'edited' };
  refuseUnparsable(record, target.text);
  const { text, edited, isEmpty } = stripFile(record.format, target.text, record.ours);
  if (isEmpty && record.origin === 'created') return { kind: 'removed' };
  return { kind: 'stripped', text, edited };
}

function refuseUnparsable({ path, format }: SetupRecord, text: string): void {
  const reading = format === 'json' ? readJson(text) : readToml(text);
  if (reading.kind === 'unparsable') throw FileRefusal.unparsable(path, reading.why, []);
}
