import { locate } from '@csa/calls';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import type { Report } from '../../report.ts';
import { takeTurn } from '../../warm/turn/take-turn.ts';
import { TURN_DESCRIPTION, TURN_EXAMPLES } from '../../warm/turn/turn-help.ts';
import { refuseMisspelt } from '../../warm/turn/turn-word.ts';

export default class SessionWarm extends CsaCommand {
  static override summary = 'Wait for as long as your prompt cache lives, beside other work.';
  static override description: string = TURN_DESCRIPTION;
  static override examples: { description: string; command: string }[] = TURN_EXAMPLES;
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    session: Flags.string({ description: 'the session id, as a flag', helpValue: 'ID' }),
    cap: Flags.string({
      description: 'answer at the latest after this time, 0 (one look) to 7d; only ever shortens',
      helpValue: 'DURATION',
    }),
    'trust-result': Flags.boolean({ description: 'take a result that a living foreign daemon may still rewrite' }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const interrupts = listenForInterrupts();
    const { args, flags } = await this.parse(SessionWarm);
    refuseMisspelt(args.id);
    const located = locate({ ...args, ...flags }, process.env);
    return takeTurn(located, flags, { env: process.env, hints: this.hints(), interrupts });
  }
}
