import { locate } from '@csa/calls';
import { lookAtSession } from '@csa/calls/look';
import { viewStatus } from '@csa/calls/status';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { answer, type Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';
import { explainStatus, statusLines } from '../../view/status-lines.ts';
import { capHere, describeCap } from '../../wait/describe-cap.ts';

export default class SessionStatus extends CsaCommand {
  static override summary = 'Say what a session is now: alive, finished, dead or unknown.';
  static override description =
    `One look, no waiting: its state and why, who asked it to stop, what its processes use now, where its logs are, and every file of its record. --explain shows the facts, the row of the decision table that they met, and the cap that a wait from here would have.

EXIT CODES
  0    told, whatever the state is; session is-alive answers by exit code
  125  the session could not be found or read (reason=)`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --explain',
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    ...jsonFlag,
    explain: Flags.boolean({ description: 'show the facts and the rule that decide' }),
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionStatus);
    const located = locate({ ...args, ...flags }, process.env);
    const looked = await lookAtSession(located);
    const view = await viewStatus(located, looked, process.env);
    const explanation = flags.explain ? explainStatus(looked, describeCap(capHere(process.env, located.project))) : [];
    return answer(
      flags.json
        ? [JSON.stringify({ schema: 'csa.session-status/1', ...view, explanation })]
        : [
            ...statusLines(view, {
              hints: this.hints(),
              target: located.target,
              hasColour: terminalOf(process.stdout, process.env).hasColour,
            }),
            ...explanation,
          ],
    );
  }
}
