import { locate } from '@csa/calls';
import { logForm } from '@csa/calls/logs';
import * as Flags from '@oclif/core/flags';
import { attachSession } from '../../attach/attach-session.ts';
import { CsaCommand, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import type { Report } from '../../report.ts';

export default class SessionAttach extends CsaCommand {
  static override summary = "Watch a session's output until it is over.";
  static override description =
    `The last lines of both streams, then what comes, and on a terminal one status line below: state, time, silence. A line that has not ended, a question perhaps, stands above it; of one that is drawn over, as progress is, only the last state stays. Ctrl-C leaves the session alone and says how to come back. Nothing is read from the keyboard.

Without a terminal, or in an agent's shell, it is "session logs --follow --exit-code --tail 20". Agents wait with "session wait", which has a cap and answers with markers.

EXIT CODES
  0      finished with success
  1-255  finished with this code of its own, as "session wait" gives it
  124    dead: the supervisor is gone and recorded nothing
  125    csa could not answer (reason= on stderr)
  129 130 143  ended by HUP, INT, TERM; the session goes on`;
  static override examples = ['<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5'];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    tail: Flags.string({
      char: 'n',
      description: 'begin with the last N lines of each stream, or "all"',
      helpValue: 'N',
      default: '20',
    }),
    raw: Flags.boolean({ description: 'bytes as they are; without a status line' }),
  };

  async run(): Promise<Report> {
    const interrupts = listenForInterrupts();
    const { args, flags } = await this.parse(SessionAttach);
    const located = locate({ ...args, ...flags }, process.env);
    return attachSession(located, { form: logForm(flags, Date.now()), interrupts, hints: this.hints() });
  }
}
