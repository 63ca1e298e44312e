import { locate } from '@csa/calls';
import { lookAtSession } from '@csa/calls/look';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, lookupFlags, sessionArgs } from '../../csa-command.ts';
import type { Report } from '../../report.ts';
import { aliveDocument, aliveReport } from '../../view/alive-report.ts';

export default class SessionIsAlive extends CsaCommand {
  static override summary = 'Answer with the exit code alone whether a session is alive.';
  static override description = `One look, no waiting, and nothing printed: for scripts. Only 125 says why, on stderr.

To wait for the end use session wait; to see how a session ended, session status.

EXIT CODES
  0    alive
  1    finished, well or not
  124  dead: the supervisor is gone and recorded nothing
  125  unknown, or csa could not answer (reason=)`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    {
      description: 'the state in words, as JSON',
      command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --json',
    },
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    json: Flags.boolean({ description: 'print one JSON document too' }),
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionIsAlive);
    const located = locate({ ...args, ...flags }, process.env);
    const looked = await lookAtSession(located);
    return flags.json ? aliveDocument(located, looked) : aliveReport(located, looked);
  }
}
