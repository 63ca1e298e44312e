import { lookupScope } from '@csa/calls';
import { sessionHooks, startRequest, startSession } from '@csa/calls/start';
import * as Args from '@oclif/core/args';
import { CsaCommand } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import { SUPERVISOR_SCRIPT } from '../../program.ts';
import type { Report } from '../../report.ts';
import { splitCommand } from '../../start/split-command.ts';
import { startAndWait } from '../../start/start-and-wait.ts';
import { startFlags } from '../../start/start-flags.ts';
import { START_DESCRIPTION, START_EXAMPLES } from '../../start/start-help.ts';
import { startedReport } from '../../start/started.ts';
import { waitWish } from '../../start/wait-wish.ts';

export default class SessionStart extends CsaCommand {
  static override summary = 'Start a command as a session and print its id.';
  static override description: string = START_DESCRIPTION;
  static override usage = '<%= command.id %> [FLAGS] -- COMMAND [ARGS...]';
  static override examples: { description: string; command: string }[] = START_EXAMPLES;
  // Only so that words before `--` are named in the error instead of being taken for a command's name.
  static override args = { command: Args.string({ hidden: true, ignoreStdin: true }) };
  static override strict = false;
  static override flags = startFlags;

  async run(): Promise<Report> {
    const { before, command } = splitCommand(this.argv);
    const { flags, argv } = await this.parse(SessionStart, before);
    const scope = lookupScope(flags.cd, process.env);
    const hooks = sessionHooks(flags['on-exit'] ?? [], { env: process.env, project: scope.project });
    const story = { scope, hints: this.hints(), env: process.env, json: flags.json, warnings: hooks.warnings };
    const settings = waitWish(flags, process.env, scope.project);
    const request = startRequest(command(argv), flags, {
      scope,
      hooks: hooks.commands,
      env: process.env,
      supervisorScript: SUPERVISOR_SCRIPT,
    });
    if (settings !== undefined) {
      const interrupts = listenForInterrupts();
      return startAndWait(request, { ...story, settings, interrupts, verbose: flags.verbose });
    }
    return startedReport({ ...story, started: await startSession(request) });
  }
}
