import { locate } from '@csa/calls';
import { spellKeepWarm } from '@csa/calls/settings';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import type { Report } from '../../report.ts';
import { obeyKillSwitch, settleWait } from '../../wait/keep-warm.ts';
import { askedSessions, refuseSwitchValues } from '../../wait/many/asked.ts';
import { WAIT_DESCRIPTION, WAIT_EXAMPLES } from '../../wait/wait-help.ts';
import { waitOne } from '../../wait/wait-one.ts';

export default class SessionWait extends CsaCommand {
  static override summary = 'Wait for sessions and answer with their own records.';
  static override description = WAIT_DESCRIPTION;
  static override examples = WAIT_EXAMPLES;
  static override args = {
    id: Args.string({
      description: 'session id or its unique beginning; several: one wait for all of them',
      ignoreStdin: true,
      multiple: true,
    }),
  };
  static override flags = {
    cd: lookupFlags.cd,
    dir: Flags.string({
      description: "the session's own directory; needs no id; repeatable",
      helpValue: 'DIR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    session: Flags.string({ description: 'the session id, as a flag', helpValue: 'ID' }),
    label: Flags.string({
      description: "the project's sessions that have this label now; repeatable",
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    all: Flags.boolean({ description: 'of several, wait for each (the default)' }),
    any: Flags.boolean({ description: 'of several, wait for the first that ends' }),
    count: Flags.string({ description: 'of several, wait until N have ended', helpValue: 'N' }),
    cap: Flags.string({
      description: 'answer at the latest after this time, 0 (one look) to 7d',
      helpValue: 'DURATION',
    }),
    timeout: Flags.string({ description: 'the same as --cap', helpValue: 'DURATION' }),
    'until-done': Flags.boolean({ description: 'wait without a cap' }),
    'alive-exit-code': Flags.string({
      description: 'exit code instead of 0 when alive at the cap (75 for CI)',
      helpValue: 'N',
    }),
    'trust-result': Flags.boolean({ description: 'take a result that a living foreign daemon may still rewrite' }),
    'model-provider': Flags.string({ description: "use this provider's cap from the config", helpValue: 'KEY' }),
    heartbeat: Flags.string({ description: 'a short line on stderr this often', helpValue: 'DURATION' }),
    'keep-warm': Flags.string({
      description: "keep the caller's prompt cache warm meanwhile; =DRIVER: command, anthropic-replay, ...",
      helpValue: '[=DRIVER]',
    }),
    ...jsonFlag,
    verbose: Flags.boolean({ description: 'say on stderr how the answer is found' }),
  };

  async run(): Promise<Report> {
    const interrupts = listenForInterrupts();
    this.argv = spellKeepWarm(this.argv);
    const { args, flags: typed } = await this.parse(SessionWait);
    refuseSwitchValues(this.argv, SessionWait.flags);
    const flags = obeyKillSwitch(typed, process.env);
    const asked = askedSessions(args.id ?? [], flags);
    // Found out while there is time: once the session has ended, every millisecond is the caller's.
    const around = { interrupts, hints: this.hints(), json: flags.json, verbose: flags.verbose };
    if (asked.form === 'one') {
      const located = locate(asked.wish, process.env);
      return waitOne(located, { ...around, ...(await settleWait(flags, [located], process.env)) });
    }
    // A wait for one session loads none of this.
    const { waitSeveral } = await import('../../wait/many/wait-several.ts');
    return waitSeveral(asked, flags, around);
  }
}
