import { cleanLine } from '@csa/markers';
import { isChanged, type PlannedFile, type PlannedUndo, textOf, unifiedDiff } from '@csa/setup';

/** What was done to a file, or would be. */
export interface FileReport {
  readonly path: string;
  readonly change: 'created' | 'changed' | 'unchanged' | 'restored' | 'removed' | 'stripped' | 'gone';
  readonly diff: readonly string[];
  readonly entries: readonly EntryReport[];
}

export interface EntryReport {
  readonly about: string;
  readonly outcome: 'added' | 'updated' | 'present' | 'removed' | 'left';
  /** Of what was left. */
  readonly why?: string;
  readonly paste?: readonly string[];
}

/** How it ends, for words and documents alike. */
export interface SetupSummary {
  readonly agent: string;
  readonly place: string;
  readonly action: 'set-up' | 'undo';
  readonly print: boolean;
  readonly files: readonly FileReport[];
  readonly next: readonly string[];
}

export function describePlanned({ file, target, edited }: PlannedFile): FileReport {
  const before = textOf(target);
  const change = !isChanged({ target, edited }) ? 'unchanged' : before === undefined ? 'created' : 'changed';
  return {
    path: file.path,
    change,
    diff: unifiedDiff(file.path, before, edited.text),
    entries: edited.outcomes.map(({ about, kind, ...more }) => ({
      about,
      outcome: kind,
      ...('why' in more ? { why: more.why, paste: more.paste } : {}),
    })),
  };
}

export function describeUndo({ record, target, restoration }: PlannedUndo): FileReport {
  const { path } = record;
  const before = textOf(target);
  if (restoration.kind === 'nothing') {
    const entries: EntryReport[] = restoration.why === 'edited' ? [leftEntry(path)] : [];
    return { path, change: restoration.why === 'gone' ? 'gone' : 'unchanged', diff: [], entries };
  }
  const after = restoration.kind === 'removed' ? undefined : restoration.text;
  const edited = restoration.kind === 'stripped' ? restoration.edited : [];
  return {
    path,
    change: restoration.kind,
    diff: unifiedDiff(path, before, after),
    entries: edited.map(({ id }) => leftEntry(id)),
  };
}

/** The one document of a run. */
export function setupJson({ agent, place, action, print, files, next }: SetupSummary): string {
  return JSON.stringify({
    schema: 'csa.setup/1',
    exit: 0,
    agent,
    place,
    action,
    print,
    files: files.map(({ path, change, diff, entries }) => ({
      path,
      change,
      diff: diff.join('\n'),
      entries: entries.map(({ about, outcome, why, paste }) => ({
        about,
        outcome,
        why: why ?? null,
        paste: paste?.join('\n') ?? null,
      })),
    })),
    next,
  });
}

/** For people, on standard error: what was done to each file, what was left, what is to be done now. */
export function setupWords({ files, print, action, next }: SetupSummary): string[] {
  if (files.length === 0) return ['csa: nothing was set up here, there is nothing to undo'];
  const isDone = files.some(({ diff }) => diff.length > 0);
  const steps = action === 'set-up' && isDone && !print ? next.map((step) => `csa: ${step}.`) : [];
  return [...files.flatMap((file) => fileWords(file, print)), ...steps];
}

const DONE: Readonly<Record<FileReport['change'], string>> = {
  created: 'created',
  changed: 'changed',
  unchanged: 'as it was',
  restored: 'put back as it was before',
  removed: 'removed, as it was not there before',
  stripped: 'changed since; only the entries of csa are taken out',
  gone: 'gone already',
};

function fileWords({ path, change, entries, diff }: FileReport, print: boolean): string[] {
  const isShownOnly = print && diff.length > 0;
  const left = entries.flatMap(({ about, outcome, why, paste = [] }) =>
    outcome === 'left'
      ? [`csa: left: ${cleanLine(about)}: ${cleanLine(why ?? '')}`, ...paste.map((line) => `  ${line}`)]
      : [],
  );
  return [`csa: ${cleanLine(path)}: ${isShownOnly ? 'would be ' : ''}${DONE[change]}`, ...left];
}

function leftEntry(about: string): EntryReport {
  return { about, outcome: 'left', why: 'it was changed since, and is yours now' };
}
