import * as Flags from '@oclif/core/flags';
import { CsaCommand } from '../../../csa-command.ts';
import { failedCommand } from '../../../failed-command.ts';
import { reportFailure } from '../../../failure.ts';
import { answer, type Report } from '../../../report.ts';
import { claudeSettings } from '../../../warm/hook/claude-settings.ts';
import { HOOK_DESCRIPTION, HOOK_EXAMPLES } from '../../../warm/hook/hook-help.ts';
import { readWarmingTime, runHookWithFlags } from '../../../warm/hook/hook-with-flags.ts';

export default class SessionWarmHook extends CsaCommand {
  static override summary = 'Tell the warmer what a Claude Code conversation does; run by its hooks.';
  static override description = HOOK_DESCRIPTION;
  static override examples = HOOK_EXAMPLES;
  static override flags = {
    on: Flags.string({
      description: 'at the end of a turn, switch warming on for this time where a session is alive',
      helpValue: 'DURATION',
    }),
    'print-settings': Flags.boolean({ description: "print what belongs into Claude Code's settings.json" }),
  };

  async run(): Promise<Report> {
    try {
      const { flags } = await this.parse(SessionWarmHook);
      const onMs = readWarmingTime(flags.on);
      if (flags['print-settings'])
        return answer(JSON.stringify(claudeSettings(this.hints(), onMs), null, 2).split('\n'));
      return await runHookWithFlags(onMs);
    } catch (error) {
      // Claude Code would take another code for the hook's opinion of the tool.
      return { ...reportFailure(error, failedCommand(['session', 'warm', 'hook'])), exitCode: 0 };
    }
  }
}
