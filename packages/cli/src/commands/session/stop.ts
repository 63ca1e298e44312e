import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { locate } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { stopSession } from '../../stop/stop-session.ts';
import { stopRequest } from '../../stop/stop-words.ts';

export default class SessionStop extends CsaCommand {
  static override summary = "End a session's command and wait for the record.";
  static override description =
    `Writes down who asked and why, and tells the supervisor, which alone ends the command: first the signal, after the grace KILL, and whatever of it has left its process group. Returns when the record is there; the session is then recorded as "signal". What outlived its supervisor is ended too. Only a proven process is ever signalled.

Exit code 0 when the session has ended, 125 otherwise (reason= on stderr).`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --signal INT --grace 30s',
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    signal: Flags.string({ description: 'the first signal', helpValue: 'NAME', default: 'TERM' }),
    grace: Flags.string({
      description: 'how long the command may take before it is killed',
      helpValue: 'DURATION',
      default: '10s',
    }),
    reason: Flags.string({ description: 'why, for the record', helpValue: 'TEXT', default: '' }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionStop);
    const located = locate({ ...args, ...flags }, process.env);
    return stopSession(located, stopRequest(flags, process.env), flags.json);
  }
}
