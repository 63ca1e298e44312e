import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { locate } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { stopSession } from '../../stop-session.ts';
import { stopRequest } from '../../stop-words.ts';

export default class SessionStop extends CsaCommand {
  static override summary = "End a session's command and wait for the record.";
  static override description =
    `Writes who asked and why, tells the supervisor, which alone ends the command (signal, grace, then KILL), and returns when
the record is there. The session is then recorded as "signal". A command that outlived its supervisor is ended too.
Only a proven process is ever signalled. Exit code 0 when the session has ended, 125 otherwise.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --signal INT --grace 30s --reason "wrong branch"',
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
