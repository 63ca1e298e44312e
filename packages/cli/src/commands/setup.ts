import { Refusal } from '@csa/session';
import { AGENTS, type Agent } from '@csa/setup';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag } from '../csa-command.ts';
import { ownWords } from '../program.ts';
import type { Report } from '../report.ts';
import { runSetup } from '../setup/run-setup.ts';
import { SETUP_DESCRIPTION, SETUP_EXAMPLES } from '../setup/setup-help.ts';

export default class Setup extends CsaCommand {
  static override summary = 'Make an agent know csa: its MCP server, hooks, permission and limits.';
  static override description = SETUP_DESCRIPTION;
  static override examples = SETUP_EXAMPLES;
  static override usage = [
    '<%= command.id %> AGENT [--user | --project] [--print] [--ask-before-start] [--json]',
    '<%= command.id %> AGENT --undo [--user | --project] [--print] [--json]',
  ];
  static override args = {
    agent: Args.string({
      description: 'claude, codex, gemini, opencode or cursor',
      options: [...AGENTS],
      ignoreStdin: true,
    }),
  };
  static override flags = {
    user: Flags.boolean({ description: 'in your own configuration (the default)', exclusive: ['project'] }),
    project: Flags.boolean({ description: "in the current directory's" }),
    print: Flags.boolean({ description: 'only show what would change' }),
    undo: Flags.boolean({ description: 'take back exactly what was written' }),
    'ask-before-start': Flags.boolean({
      description: 'permit looking and waiting without a question, and nothing else',
      exclusive: ['undo'],
    }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { args, flags } = await this.parse(Setup);
    // Without a default oclif gives no value for a flag that is not there; with one it would exclude others.
    const { project = false, print = false, undo = false, json = false } = flags;
    const allow = flags['ask-before-start'] ? 'watching' : 'all';
    const own = { words: ownWords(process.env), hints: this.hints() };
    return runSetup({ agent: requireAgent(args.agent), project, print, undo, json, allow }, own, process.env);
  }
}

/** oclif has checked the word, but not that there is one. @throws Refusal reason=missing-agent */
function requireAgent(word: string | undefined): Agent {
  const agent = AGENTS.find((known) => known === word);
  if (agent !== undefined) return agent;
  throw new Refusal({
    reason: 'missing-agent',
    what: 'which agent is not said',
    expected: AGENTS.join(', '),
    got: 'nothing',
    next: 'Name the agent that is to know csa',
    command: ['setup', '--help'],
  });
}
