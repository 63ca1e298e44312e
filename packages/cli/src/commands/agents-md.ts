import { AGENTS_LINES } from '../agents-md/agents-text.ts';
import { CsaCommand } from '../csa-command.ts';
import { answer, type Report } from '../report.ts';

export default class AgentsMd extends CsaCommand {
  static override summary = 'Print the 12 lines about csa that belong into AGENTS.md, CLAUDE.md or GEMINI.md.';
  static override description =
    `When to start a session, when to wait, when to warm, what an exit code of 0 with KV_WARM means, and never to write a polling loop: what an agent has to know in order to use csa well, in 12 lines. Append them to the file of instructions that the agent reads in your project, or in your home directory. The skill in the repository (skills/csa/SKILL.md) says the same at more length to agents that know skills.

EXIT CODES
  0    the lines are on stdout
  125  csa could not answer`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> >> AGENTS.md',
  ];

  async run(): Promise<Report> {
    await this.parse(AgentsMd);
    return answer(AGENTS_LINES);
  }
}
