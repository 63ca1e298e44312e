import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag } from '../../csa-command.ts';
import { describeDuration } from '../../duration.ts';
import { surveySessions } from '../../list/survey.ts';
import { lookupScope } from '../../locate.ts';
import { answer, type Report } from '../../report.ts';
import { formatTable } from '../../table.ts';
import type { SessionView } from '../../view/session-view.ts';

const START_ONE = 'Start one: csa session start -- COMMAND';

export default class SessionList extends CsaCommand {
  static override summary = "List this project's sessions, newest first.";
  static override description =
    `States: alive, finished (with its exit code), dead (supervisor gone, nothing recorded), unknown. Exit code 0; 125 when the sessions cannot be read.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cd ../api --json',
  ];
  static override flags = {
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionList);
    const scope = lookupScope(flags.cd, process.env);
    const views: SessionView[] = [];
    for await (const { view } of surveySessions(scope)) views.push(view);
    if (flags.json) return answer([JSON.stringify({ schema: 'csa.session-list/1', sessions: views })]);
    if (views.length === 0) return answer([], [`No sessions in ${scope.project} yet. ${START_ONE}`]);
    const header = ['ID', 'STATE', 'EXIT', 'ELAPSED', 'IDLE', 'TOOL', 'DESCRIPTION'];
    return answer(formatTable([header, ...views.map(row)]));
  }
}

function row(view: SessionView): string[] {
  return [
    view.id,
    view.state,
    view.session_exit === null ? '-' : String(view.session_exit),
    describeDuration(view.elapsed_ms),
    view.idle_ms === null ? '-' : describeDuration(view.idle_ms),
    view.tool || '-',
    view.description,
  ];
}
