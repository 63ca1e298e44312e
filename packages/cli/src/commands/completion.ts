import { Refusal } from '@csa/session';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { complete } from '../completion/candidates.ts';
import { knownCommands } from '../completion/known-commands.ts';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';
import { sessionCandidates } from '../completion/session-candidates.ts';
import { CsaCommand } from '../csa-command.ts';
import { answer, type Report } from '../report.ts';

export default class Completion extends CsaCommand {
  static override summary = 'Print a script that completes commands and session ids in a shell.';
  static override description = `Completes commands, flags, and the ids of live sessions with their descriptions.

LOAD IT
  bash  source <(csa completion bash)        in ~/.bashrc
  zsh   source <(csa completion zsh)         in ~/.zshrc, after compinit
  fish  csa completion fish | source         in ~/.config/fish/config.fish

EXIT CODES
  0    the script is on stdout
  125  no script for that shell`;
  static override examples = ['<%= config.bin %> <%= command.id %> bash'];
  static override args = {
    shell: Args.string({ description: 'bash, zsh or fish', options: [...SHELLS], ignoreStdin: true }),
  };
  static override flags = {
    words: Flags.boolean({ hidden: true, description: 'what may stand at the end of the words after --' }),
  };

  async run(): Promise<Report> {
    const at = this.argv.indexOf('--');
    // Before parsing, which changes argv.
    const [before, typed] = at === -1 ? [this.argv, []] : [this.argv.slice(0, at), this.argv.slice(at + 1)];
    const { args, flags } = await this.parse(Completion, before);
    if (flags.words) return this.#answer(typed);
    return answer(completionScript(requireShell(args.shell), this.hints().command([])));
  }

  async #answer(typed: readonly string[]): Promise<Report> {
    const completion = complete(typed, knownCommands(this.config.commands));
    const words =
      completion.kind === 'ids'
        ? [...completion.or, ...(await sessionCandidates(completion, typed.at(-1) ?? '', process.env))]
        : completion.kind === 'words'
          ? completion.words
          : [];
    const kind = completion.kind === 'ids' ? 'words' : completion.kind;
    return answer([kind, ...words.map(({ word, about }) => (about === '' ? word : `${word}\t${about}`))]);
  }
}

/** oclif has checked the word, but not that there is one. @throws Refusal reason=missing-shell */
function requireShell(word: string | undefined): Shell {
  const shell = SHELLS.find((known) => known === word);
  if (shell !== undefined) return shell;
  throw new Refusal({
    reason: 'missing-shell',
    what: 'which shell is not said',
    expected: SHELLS.join(', '),
    got: 'nothing',
    next: 'Name the shell that is to complete',
    command: ['completion', '--help'],
  });
}
