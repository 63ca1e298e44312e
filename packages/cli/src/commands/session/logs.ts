import { locate } from '@csa/calls';
import { beginningNotes, chooseLogs, logForm, readLogs } from '@csa/calls/logs';
import { resolveSession } from '@csa/calls/look';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import { followLogs } from '../../logs/follow-logs.ts';
import { followReport } from '../../logs/follow-report.ts';
import { liveEnd } from '../../logs/live-end.ts';
import { LastingOutlet } from '../../output/lasting-outlet.ts';
import { printFully } from '../../output/outlet.ts';
import type { Report } from '../../report.ts';

export default class SessionLogs extends CsaCommand {
  static override summary = "Print a session's output.";
  static override description =
    `Both streams, one after the other, read from the end. The text is untrusted: control sequences are removed and marker openings defanged, unless --raw.

--follow goes on with what comes, across rotation, until the session has finished or is dead; what its background processes print later is not waited for. A title (==> stderr.log <==) says when the text comes from the other stream. On a terminal only the last state of a line that is drawn over, as progress is, stays.

--since goes by the times that lines begin with (ISO 8601; without a zone: local time); a line without one belongs to the line before. A stream last written before that time is left out. One whose lines have no times is shown as far as --tail goes, and standard error says so.

--grep takes a JavaScript regular expression, applied to each cleaned line, and with --raw to the line as it is; --tail then counts matching lines. A line longer than 64 KiB is searched in pieces of that size.

EXIT CODES
  0      printed, also when nothing matched or the session failed
  1-255  with --follow --exit-code: the session's, as "session wait" gives it
  125    csa could not answer (reason= on stderr)
  129 130 143  following was ended by HUP, INT, TERM; the session goes on`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --grep "error|warn" --tail 20',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --follow --exit-code',
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    follow: Flags.boolean({ char: 'f', description: 'go on with what comes, until the session is over' }),
    stdout: Flags.boolean({ description: 'only standard output', exclusive: ['stderr'] }),
    stderr: Flags.boolean({ description: 'only standard error' }),
    tail: Flags.string({
      char: 'n',
      description: 'only the last N lines of each stream, or "all"',
      helpValue: 'N',
      default: '200',
    }),
    since: Flags.string({ description: 'nothing from longer ago than this', helpValue: 'DURATION' }),
    grep: Flags.string({ description: 'only lines that match', helpValue: 'REGEXP' }),
    raw: Flags.boolean({ description: 'bytes as they are' }),
    'exit-code': Flags.boolean({ description: "exit with the session's code", dependsOn: ['follow'] }),
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionLogs);
    // What was typed is checked before anything is looked for.
    const form = logForm(flags, Date.now());
    const located = locate({ ...args, ...flags }, process.env);
    if (!flags.follow) {
      const session = await resolveSession(located);
      const shown = await readLogs({ session, names: chooseLogs(session, flags) }, form, printFully);
      return { exitCode: 0, stdout: [], stderr: beginningNotes(shown, form, Date.now()) };
    }
    const interrupts = listenForInterrupts();
    const end = await followLogs(located, {
      form,
      choose: (session) => chooseLogs(session, flags),
      outlet: new LastingOutlet(interrupts, { lines: false }),
      surroundings: liveEnd(form),
    });
    return followReport(end, { located, interrupts, hints: this.hints(), passesExitCode: flags['exit-code'] });
  }
}
