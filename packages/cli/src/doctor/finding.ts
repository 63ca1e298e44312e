/** `note`: worth knowing, nothing to do. `warning`: works, not as well as it could. `problem`: something does not work. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at; all text is clean when it is shown. */
export interface Finding {
  readonly check: Check;
  readonly level: Level;
  readonly finding: string;
  /** What to do, as a sentence. */
  readonly remedy?: string | undefined;
  /** The same as a command line that runs as printed. */
  readonly command?: string | undefined;
}

/** What is looked at, in the order in which it is shown. */
export const CHECKS = [
  'program',
  'system',
  'state-root',
  'file-system',
  'inotify',
  'config',
  'caller',
  'sessions',
] as const;
export type Check = (typeof CHECKS)[number];

/** Words for findings of one check. */
export interface Findings {
  readonly ok: (finding: string) => Finding;
  readonly note: (finding: string, remedy?: Remedy) => Finding;
  readonly warning: (finding: string, remedy: Remedy) => Finding;
  readonly problem: (finding: string, remedy: Remedy) => Finding;
}

/** A sentence, or a sentence and the command that does it. */
export type Remedy = string | { readonly say: string; readonly run: string };

export function findingsOf(check: Check): Findings {
  const make =
    (level: Level) =>
    (finding: string, remedy?: Remedy): Finding => ({
      check,
      level,
      finding,
      ...(typeof remedy === 'string'
        ? { remedy }
        : remedy === undefined
          ? {}
          : { remedy: remedy.say, command: remedy.run }),
    });
  return { ok: make('ok'), note: make('note'), warning: make('warning'), problem: make('problem') };
}
