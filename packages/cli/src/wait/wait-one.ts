import type { Hints, Located } from '@csa/calls';
import { collect } from '@csa/calls/collect';
import type { WaitSettings } from '@csa/calls/settings';
import type { Interrupts } from '../interrupts.ts';
import type { Report } from '../report.ts';
import { terminalOf } from '../terminal.ts';
import type { CacheHold } from '../warm/hold/hold-cache.ts';
import { settledWith } from './keep-warm.ts';
import { waitAccompanied } from './wait-accompanied.ts';
import { report } from './wait-report.ts';

/** What a wait needs besides the session. */
export interface Wait {
  readonly settings: WaitSettings;
  readonly interrupts: Interrupts;
  readonly hints: Hints;
  readonly json: boolean;
  readonly verbose: boolean;
  /** The caller's cache, which the wait keeps warm. */
  readonly hold?: CacheHold | undefined;
}

/** Waits for one session and words the answer. */
export async function waitOne(located: Located, wait: Wait): Promise<Report> {
  const { interrupts, hints, json, verbose, hold } = wait;
  const ended = await waitAccompanied(located, wait.settings, interrupts).finally(() => hold?.end());
  const settings = settledWith(wait.settings, hold);
  const notes = verbose ? (await import('./verbose-notes.ts')).verboseNotes(ended, located, settings) : [];
  const said = report({
    ...ended,
    session: located.session.id,
    cap: settings.cap,
    aliveExitCode: settings.aliveExitCode,
    interruption: interrupts.cause,
    hints,
    target: located.target,
    waitFlags: json ? [...settings.repeatFlags, '--json'] : settings.repeatFlags,
    isCi: settings.caller.isCi,
    json,
    hasColour: terminalOf(process.stderr, process.env).hasColour,
    notes: [...settings.warnings, ...notes],
  });
  return { ...said, onShown: () => collect(located, ended) };
}
