import * as Flags from '@oclif/core/flags';
import { CsaCommand, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { locate } from '../../locate.ts';
import { parseTail, printLogs } from '../../logs/print-logs.ts';
import type { Report } from '../../report.ts';
import { resolveSession } from '../../wait/wait-session.ts';

export default class SessionLogs extends CsaCommand {
  static override summary = "Print a session's output.";
  static override description =
    `Both streams, one after the other, read from the end. The text is untrusted: escape sequences are removed and marker openings defanged, unless --raw. Exit code 0; 125 when the session cannot be found.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --tail 20',
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    tail: Flags.string({
      description: 'only the last N lines of each stream, or "all"',
      helpValue: 'N',
      default: '200',
    }),
    raw: Flags.boolean({ description: 'bytes as they are' }),
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(SessionLogs);
    const session = await resolveSession(locate({ ...args, ...flags }, process.env));
    return printLogs(session, { tail: parseTail(flags.tail), raw: flags.raw });
  }
}
