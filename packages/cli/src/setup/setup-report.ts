import { cleanLine } from '@csa/markers';
import type { FileReport } from './file-report.ts';

/** How it ends, for words and documents alike. */
export interface SetupSummary {
  readonly agent: string;
  readonly place: string;
  readonly action: 'set-up' | 'undo';
  readonly print: boolean;
  readonly files: readonly FileReport[];
  readonly next: readonly string[];
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
