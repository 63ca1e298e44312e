import * as Flags from '@oclif/core/flags';
import { CsaCommand } from '../csa-command.ts';
import { MCP_DESCRIPTION, MCP_EXAMPLES } from '../mcp/mcp-help.ts';
import { runServer } from '../mcp/run-server.ts';
import type { Report } from '../report.ts';

export default class Mcp extends CsaCommand {
  static override summary = 'Serve the session commands to an agent as MCP tools.';
  static override description: string = MCP_DESCRIPTION;
  static override examples = MCP_EXAMPLES;
  static override flags = {
    verbose: Flags.boolean({ description: 'say on stderr what goes wrong beside the answers' }),
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(Mcp);
    return runServer(flags.verbose);
  }
}
