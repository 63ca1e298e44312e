import { locate } from '@csa/calls';
import { collect } from '@csa/calls/collect';
import { lookAtSession } from '@csa/calls/look';
import { readAftermath, requireFinished, viewSession } from '@csa/calls/view';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import type { Report } from '../../report.ts';
import { resultReport } from '../../view/result-report.ts';

export default class SessionResult extends CsaCommand {
  static override summary = 'Show the result of a finished session.';
  static override description =
    `The record of how it ended: status, exit code, times, summary, warnings, and who asked for a stop. The session's own code is in the output; as an exit code "session wait" gives it.

EXIT CODES
  0    there is a result, whatever it says
  125  there is none: reason=not-finished while the session is alive, no-result when it is dead; or csa could not look`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --summary',
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    ...jsonFlag,
    summary: Flags.boolean({ description: 'print only the summary', exclusive: ['json'] }),
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionResult);
    const located = locate({ ...args, ...flags }, process.env);
    const looked = await lookAtSession(located, true);
    const { outcome, reason } = requireFinished(looked, located);
    const view = viewSession(located.session, looked);
    const form = flags.json ? 'json' : flags.summary ? 'summary' : 'full';
    const logsCommand = this.hints().session('logs', located.target);
    const report = resultReport(outcome, { view, reason, form, logsCommand, aftermath: readAftermath(looked) });
    return { ...report, onShown: () => collect(located, looked) };
  }
}
