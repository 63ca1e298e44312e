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

function leftEntry(about: string): EntryReport {
  return { about, outcome: 'left', why: 'it was changed since, and is yours now' };
}
