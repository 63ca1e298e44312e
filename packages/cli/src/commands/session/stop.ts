import { locate } from '@csa/calls';
import { chooseSessions, isOne, stopMany, stopRequest, stopSession } from '@csa/calls/stop';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import type { Report } from '../../report.ts';
import { stopManyReport, stopReport } from '../../stop/stop-report.ts';

export default class SessionStop extends CsaCommand {
  static override summary = "End a session's command, or several, and wait for the record.";
  static override description =
    `Writes down who asked and why, and tells the supervisor, which alone ends the command: first the signal, after the grace KILL, and whatever of it has left its process group. Returns when the record is there; the session is then recorded as "signal". What outlived its supervisor is ended too. Only a proven process is ever signalled.

Several sessions are stopped side by side, each told of on its own line; one that cannot be stopped keeps no other. --all and --label mean those of the project that have not finished, without the one in which the stop itself runs.

EXIT CODES
  0    every session has ended, or there was nothing to stop
  125  one has not, or csa could not answer; reason= on stderr says why`;
  static override usage = '<%= command.id %> [ID...] [FLAGS]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
    '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --signal INT --grace 30s',
    '<%= config.bin %> <%= command.id %> --all --reason "end of the day"',
    '<%= config.bin %> <%= command.id %> --label branch=main --label kind=test',
  ];
  static override args = sessionArgs;
  // Further words are further ids.
  static override strict = false;
  static override flags = {
    ...lookupFlags,
    all: Flags.boolean({ description: 'every session of the project that has not finished' }),
    label: Flags.string({
      description: 'those of them with this label; repeatable, all must match',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
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
    const { args, argv, flags } = await this.parse(SessionStop);
    const wish = { ...flags, ids: argv.map(String), labels: flags.label ?? [] };
    const request = stopRequest(flags, process.env);
    if (isOne(wish))
      return stopReport(await stopSession(locate({ ...args, ...flags }, process.env), request), flags.json);
    const { choices, leftOut, project } = await chooseSessions(wish, process.env);
    const attempts = await stopMany(choices, request);
    return stopManyReport(attempts, { json: flags.json, project, leftOut, hints: this.hints() });
  }
}
