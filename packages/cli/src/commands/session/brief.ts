import { lookupScope } from '@csa/calls';
import * as Flags from '@oclif/core/flags';
import { answerBrief } from '../../brief/answer-brief.ts';
import { BRIEF_DESCRIPTION, BRIEF_EXAMPLES } from '../../brief/brief-help.ts';
import { HOOK_CLIENTS, hookSettingsReport } from '../../brief/hook-settings.ts';
import { BRIEF_FORMS } from '../../brief/hook-wish.ts';
import { endWell, failedHook, hookReport } from '../../brief/run-hook.ts';
import { CsaCommand, jsonFlag } from '../../csa-command.ts';
import type { Report } from '../../report.ts';

export default class SessionBrief extends CsaCommand {
  static override summary = 'Tell what a starting agent should know of its sessions.';
  static override description = BRIEF_DESCRIPTION;
  // What excludes what cannot be made out of the flags alone.
  static override usage = [
    '<%= command.id %> [--cd DIR] [--refresh] [--json] [--verbose]',
    '<%= command.id %> --all-projects [--json] [--verbose]',
    '<%= command.id %> --hook [--as AGENT] [--cd DIR] [--verbose]',
    '<%= command.id %> --print-hook CLIENT [--cd DIR]',
  ];
  static override examples = BRIEF_EXAMPLES;
  static override flags = {
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    'all-projects': Flags.boolean({ description: 'every project that has sessions', exclusive: ['cd', 'refresh'] }),
    refresh: Flags.boolean({ description: 'write the file anew first, whatever its age; stderr says what was done' }),
    ...jsonFlag,
    verbose: Flags.boolean({ description: 'say on stderr where the brief comes from' }),
    hook: Flags.boolean({
      description: 'at the start of a conversation: at once, the brief or nothing, always exit 0',
      exclusive: ['all-projects', 'refresh', 'json', 'print-hook'],
    }),
    as: Flags.option({
      description: 'with --hook: as the JSON that the hooks of gemini or cursor read',
      helpValue: 'AGENT',
      options: BRIEF_FORMS,
      dependsOn: ['hook'],
    })(),
    'print-hook': Flags.option({
      description: 'print the configuration that runs the hook, for claude or codex',
      helpValue: 'CLIENT',
      options: HOOK_CLIENTS,
      exclusive: ['all-projects', 'refresh', 'json', 'verbose'],
    })(),
  };

  async run(): Promise<Report> {
    return this.argv.includes('--hook') ? this.#runHook() : this.#answer();
  }

  async #answer(): Promise<Report> {
    const { flags } = await this.parse(SessionBrief);
    const { refresh, json, verbose } = flags;
    const scope = lookupScope(flags.cd, process.env);
    const client = flags['print-hook'];
    if (client !== undefined)
      return hookSettingsReport(client, { scope, isFixed: flags.cd !== undefined }, this.hints());
    return answerBrief(scope, { allProjects: flags['all-projects'], refresh, json, verbose }, process.env);
  }

  /** Its words too may be wrong without a conversation's knowing. */
  async #runHook(): Promise<Report> {
    endWell();
    try {
      const { flags } = await this.parse(SessionBrief);
      return await hookReport({ cd: flags.cd, verbose: flags.verbose, form: flags.as });
    } catch (error) {
      return failedHook(error);
    }
  }
}
