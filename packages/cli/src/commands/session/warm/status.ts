import { CsaCommand, sessionArgs } from '../../../csa-command.ts';
import type { Report } from '../../../report.ts';
import { terminalOf } from '../../../terminal.ts';
import { knownCaller } from '../../../warm/choose-caller.ts';
import { warmStatus } from '../../../warm/status/warm-status.ts';
import { chooseRecords } from '../../../warm/switch/choose-records.ts';
import { statusFlags } from '../../../warm/switch/on-flags.ts';

export default class SessionWarmStatus extends CsaCommand {
  static override summary = 'Say what is kept warm, whether it really is, and what it has cost and saved.';
  static override description =
    `One look: the state and the time left, the next request, what is known of the cache and by what evidence, how much the requests have really read of what they sent (hit %) and, where that is less, of the conversation's prefix, and the books. A saving is only counted once the conversation itself has come back after its cache would have been cold, and is never shown without its cost; where a price is not known none is claimed.

With an id for that session, else for every session of the project; of every conversation, or that of --caller.

EXIT CODES
  0    told, also when nothing was ever kept warm
  125  csa could not answer (reason=)`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --json',
  ];
  static override args = sessionArgs;
  static override flags = statusFlags;

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionWarmStatus);
    const caller = flags.caller === undefined ? undefined : knownCaller(flags.caller, process.env);
    const chosen = chooseRecords({ id: args.id, cd: flags.cd, dir: flags.dir, caller, trouble: 'skip' }, process.env);
    const { isLive, columns } = terminalOf(process.stdout, process.env);
    const form = { json: flags.json, hints: this.hints(), env: process.env, ...(isLive ? { columns } : {}) };
    return warmStatus(chosen, form);
  }
}
