import type { Hints } from '../hints.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Located } from '../locate.ts';
import { followLogs } from '../logs/follow-logs.ts';
import { followReport } from '../logs/follow-report.ts';
import type { LogForm } from '../logs/log-stream.ts';
import { chooseLogs } from '../logs/log-wishes.ts';
import type { Report } from '../report.ts';
import { terminalOf } from '../terminal.ts';
import { StatusLine } from './status-line.ts';

export interface AttachWishes {
  readonly form: LogForm;
  readonly interrupts: Interrupts;
  readonly hints: Hints;
}

/** Shows a session's logs as they come until it is over, with a status line below them on a terminal. */
export async function attachSession(located: Located, wishes: AttachWishes): Promise<Report> {
  const { form, interrupts, hints } = wishes;
  // Raw text may draw on the whole screen.
  const status = isLive() && !form.raw ? new StatusLine(located) : undefined;
  try {
    const end = await followLogs(located, {
      form,
      choose: (session) => chooseLogs(session, { stdout: false, stderr: false }),
      interrupts,
      surroundings: status,
    });
    status?.end();
    const report = await followReport(end, { located, interrupts, hints, passesExitCode: true });
    return end.kind === 'interrupted' ? { ...report, stderr: leavingWords(located, hints) } : report;
  } finally {
    status?.end();
  }
}

/** Both streams are the same terminal then: the line can make room for the logs. */
function isLive(): boolean {
  return [process.stdout, process.stderr].every((stream) => terminalOf(stream, process.env).isLive);
}

function leavingWords({ session, target }: Located, hints: Hints): string[] {
  return [
    `Session ${session.id} goes on.`,
    `  come back: ${hints.session('attach', target)}`,
    `  wait:      ${hints.session('wait', target)}`,
    `  stop:      ${hints.session('stop', target)}`,
  ];
}
