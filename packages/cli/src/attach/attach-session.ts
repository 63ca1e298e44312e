import type { Hints, Located } from '@csa/calls';
import { collect } from '@csa/calls/collect';
import { chooseLogs, type LogForm } from '@csa/calls/logs';
import type { Interrupts } from '../interrupts.ts';
import { followLogs } from '../logs/follow-logs.ts';
import { followReport } from '../logs/follow-report.ts';
import { liveEnd } from '../logs/live-end.ts';
import { LastingOutlet } from '../output/lasting-outlet.ts';
import type { Report } from '../report.ts';
import { StatusLine } from './status-line.ts';

export interface AttachWishes {
  readonly form: LogForm;
  readonly interrupts: Interrupts;
  readonly hints: Hints;
}

/** Shows a session's logs as they come until it is over, with a status line below them on a terminal. */
export async function attachSession(located: Located, wishes: AttachWishes): Promise<Report> {
  const { form, interrupts, hints } = wishes;
  const outlet = new LastingOutlet(interrupts, { lines: false });
  const live = liveEnd(form);
  const status = live === undefined ? undefined : new StatusLine(located, live);
  try {
    const end = await followLogs(located, {
      form,
      choose: (session) => chooseLogs(session, { stdout: false, stderr: false }),
      outlet,
      surroundings: live,
    });
    const report = await followReport(end, { located, interrupts, hints, passesExitCode: true });
    if (end.kind === 'over') return { ...report, onShown: () => collect(located, end) };
    return end.kind === 'interrupted' && !outlet.isCut ? { ...report, stderr: leavingWords(located, hints) } : report;
  } finally {
    status?.end();
  }
}

function leavingWords({ session, target }: Located, hints: Hints): string[] {
  return [
    `Session ${session.id} goes on.`,
    `  come back: ${hints.session('attach', target)}`,
    `  wait:      ${hints.session('wait', target)}`,
    `  stop:      ${hints.session('stop', target)}`,
  ];
}
