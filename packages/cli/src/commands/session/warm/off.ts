import { CsaCommand, sessionArgs } from '../../../csa-command.ts';
import type { Report } from '../../../report.ts';
import { knownCaller } from '../../../warm/choose-caller.ts';
import { chooseRecords } from '../../../warm/switch/choose-records.ts';
import { offFlags } from '../../../warm/switch/on-flags.ts';
import { warmOff } from '../../../warm/switch/warm-off.ts';

export default class SessionWarmOff extends CsaCommand {
  static override summary = 'Stop keeping a prompt cache warm, at once.';
  static override description =
    `Writes down that nothing is to be sent, ends the heartbeat, and returns when it has ended; a request under way is called off. What is off already stays so, and is no failure. The books stay: session warm status.

Of the calling agent's conversation, where it is known, or of --caller; else of every one. With an id for that session, without one for every session of the project; --all takes every conversation of the project.

EXIT CODES
  0    nothing is sent any more
  125  csa could not answer (reason=), or could not write down that it is off, as on a full disk: what sends is ended all the same, and may be started again`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    { description: 'everything in this project', command: '<%= config.bin %> <%= command.id %> --all' },
  ];
  static override args = sessionArgs;
  static override flags = offFlags;

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionWarmOff);
    const caller = flags.all && flags.caller === undefined ? undefined : knownCaller(flags.caller, process.env);
    const chosen = chooseRecords({ id: args.id, cd: flags.cd, dir: flags.dir, caller, trouble: 'throw' }, process.env);
    return warmOff(chosen, flags.json);
  }
}
