import { dirname } from 'node:path';
import type { Agent } from './agents/agents.ts';
import { type Place, placeName } from './agents/program.ts';
import { digestOf } from './digest.ts';
import type { Edited } from './edit.ts';
import { NOTHING_OURS } from './entry.ts';
import { FileRefusal, withPaste } from './file-refusal.ts';
import { type Known, pasteOf, planFile } from './plan.ts';
import type { SetupRecord } from './setup-record.ts';
import type { SetupStore } from './setup-store.ts';
import { missingDirectories } from './target/directories.ts';
import { readTarget, type Target } from './target/read-target.ts';
import { removeLeftovers } from './target/temporary.ts';
import { refuseReadOnly, writeTarget } from './target/write-target.ts';
import type { ConfigFile } from './wish.ts';

/** A file as it is, and as it is to be. */
export interface PlannedFile {
  readonly file: ConfigFile;
  readonly target: Target;
  readonly edited: Edited;
  readonly record: SetupRecord | undefined;
}

/** Looks at all files before any is written. @throws FileRefusal for one that must be left alone, Refusal */
export function planSetup(agent: Agent, files: readonly ConfigFile[], store: SetupStore): PlannedFile[] {
  return files.map((file) => {
    const record = store.read(agent, file.path);
    const target = withPaste(asPaste(file), () => readTarget(file.path));
    const edit = planFile(file, textOf(target), knownOf(target, record));
    if (edit.kind === 'unparsable') throw FileRefusal.unparsable(file.path, edit.why, pasteOf(file));
    if (target.kind === 'file' && target.text !== edit.text) withPaste(asPaste(file), () => refuseReadOnly(target));
    return { file, target, edited: edit, record };
  });
}

/** Writes one file, after the record of what it does. @throws FileRefusal; the file is then as it was */
export function writePlanned(
  { file, target, edited, record }: PlannedFile,
  who: { agent: Agent; place: Place },
  store: SetupStore,
): void {
  removeLeftovers(target);
  if (!isChanged({ target, edited })) return;
  const next = nextRecord({ file, target, edited, record }, who);
  const backup = target.kind === 'file' && next.before === digestOf(target.bytes) ? backupOf(target) : undefined;
  store.write(next, backup);
  try {
    withPaste(asPaste(file), () => writeTarget(target, Buffer.from(edited.text, 'utf8'), modeFor(who.place)));
  } catch (error) {
    if (record === undefined) store.forget(next);
    else store.write(record);
    throw error;
  }
}

export function isChanged({ target, edited }: Pick<PlannedFile, 'target' | 'edited'>): boolean {
  return textOf(target) !== edited.text;
}

/** `undefined`: there is no file. */
export function textOf(target: Target): string | undefined {
  return target.kind === 'file' ? target.text : undefined;
}

/** A user's own may come to hold credentials; a project's is for everybody who works on it. */
function modeFor(place: Place): number {
  return place.kind === 'user' ? 0o600 : 0o666;
}

/** Nothing is known of a file that is gone, or as it was before: a run was cut off, or somebody has put it back. */
function knownOf(target: Target, record: SetupRecord | undefined): Known | undefined {
  if (record === undefined || target.kind === 'absent') return undefined;
  return record.before === digestOf(target.bytes) ? undefined : record;
}

function nextRecord({ file, target, edited, record }: PlannedFile, who: { agent: Agent; place: Place }): SetupRecord {
  const known = knownOf(target, record);
  const { path, format } = file;
  const base = { agent: who.agent, place: placeName(who.place), path, format, after: digestOf(edited.text) };
  const ours = format === 'own' ? NOTHING_OURS : edited.ours;
  if (known === undefined || record === undefined) {
    if (target.kind === 'absent') return { ...base, ours, origin: 'created', made: madeFor(path, record) };
    return { ...base, ours, origin: 'there', before: digestOf(target.bytes), made: [] };
  }
  // What was there before has to be had back by taking out entries once the user has changed the file.
  const isOurs = target.kind === 'file' && digestOf(target.bytes) === record.after;
  return { ...base, ours, origin: record.origin, before: isOurs ? record.before : undefined, made: record.made };
}

/** Written down before they are made; a run that was cut off may have made some already. */
function madeFor(path: string, record: SetupRecord | undefined): readonly string[] {
  return [...new Set([...(record?.made ?? []), ...missingDirectories(dirname(path))])];
}

function backupOf({ text, stats }: Target & { kind: 'file' }): { text: string; mode: number } {
  return { text, mode: stats.mode };
}

function asPaste(file: ConfigFile): { path: string; paste: () => readonly string[] } {
  return { path: file.path, paste: () => pasteOf(file) };
}
