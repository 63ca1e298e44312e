import { CsaCommand } from '../../../csa-command.ts';
import type { Report } from '../../../report.ts';
import { onFlags } from '../../../warm/switch/on-flags.ts';
import { ON_DESCRIPTION, ON_EXAMPLES } from '../../../warm/switch/on-help.ts';
import { warmOn } from '../../../warm/switch/warm-on.ts';

export default class SessionWarmOn extends CsaCommand {
  static override summary = 'Keep the prompt cache of a conversation warm by small requests of its own.';
  static override description: string = ON_DESCRIPTION;
  static override usage = '<%= command.id %> [ID] [DURATION] [FLAGS] [-- PROGRAM ARGS...]';
  static override examples: { description: string; command: string }[] = ON_EXAMPLES;
  // A session and a time, in either order.
  static override strict = false;
  static override flags = onFlags;

  async run(): Promise<Report> {
    // The parser leaves nothing of what it has not been given.
    const { before, program } = splitProgram(this.argv);
    const { flags, argv } = await this.parse(SessionWarmOn, before);
    const wish = { ...flags, words: argv.map(String), name: flags.driver, argv: program };
    return warmOn(wish, process.env, this.hints());
  }
}

/** What stands behind `--` is a program with its arguments, and never parsed. */
function splitProgram(argv: readonly string[]): { before: string[]; program?: string[] } {
  const at = argv.indexOf('--');
  return at === -1 ? { before: [...argv] } : { before: argv.slice(0, at), program: argv.slice(at + 1) };
}
