import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { locate } from '../../locate.ts';
import { answer, type Report } from '../../report.ts';
import { readAftermath } from '../../view/aftermath.ts';
import { viewSession } from '../../view/session-view.ts';
import { explainStatus, statusLines } from '../../view/status-lines.ts';
import { describeCap } from '../../wait/describe-cap.ts';
import { lookAtSession } from '../../wait/wait-session.ts';

export default class SessionStatus extends CsaCommand {
  static override summary = 'Say what a session is now: alive, finished, dead or unknown.';
  static override description =
    `One look, no waiting. --explain shows the facts, the row of the decision table that they met, and the cap that a wait from here would have. Exit code 0, also when the answer is unknown; 125 when the session cannot be found.`;
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
    const view = viewSession(located.session, looked);
    const aftermath = readAftermath(looked);
    const explanation = flags.explain ? explainStatus(looked, describeCap(process.env, located.project)) : [];
    const stdout = flags.json
      ? [
          JSON.stringify({
            schema: 'csa.session-status/1',
            ...view,
            survivor: looked.survivor ?? null,
            stalled: looked.stalled,
            ...aftermath,
            explanation,
          }),
        ]
      : [...statusLines(view, { ...looked, aftermath }, this.hints(), located.target), ...explanation];
    return answer(stdout);
  }
}
