import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag } from '../../csa-command.ts';
import { listDocument, listReport } from '../../list/list-report.ts';
import { parseLabels, parseLimit, parseSince, parseStates } from '../../list/session-filter.ts';
import { listingOf } from '../../list/survey.ts';
import { listedAs, wantedList } from '../../list/wanted-list.ts';
import { lookupScope } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';

export default class SessionList extends CsaCommand {
  static override summary = "List this project's sessions, newest first.";
  static override description = `X`;
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    state: Flags.string({
      description: 'only these: alive, finished, dead, unknown, success, failed; repeatable, or with commas',
      helpValue: 'STATE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    label: Flags.string({
      description: 'only sessions with this label; repeatable, all must hold',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    tool: Flags.string({ description: 'only sessions of this tool', helpValue: 'NAME' }),
    since: Flags.string({ description: 'only sessions started within this time', helpValue: 'DURATION' }),
    'all-projects': Flags.boolean({ description: 'the sessions of every project', exclusive: ['cd'] }),
    limit: Flags.string({ description: 'the newest N, or all (default: 50, and all that are alive)', helpValue: 'N' }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionList);
    const wish = {
      filter: {
        states: parseStates(flags.state),
        labels: parseLabels(flags.label),
        tool: flags.tool,
        startedSince: parseSince(flags.since, Date.now()),
      },
      allProjects: flags['all-projects'],
      limit: parseLimit(flags.limit),
    };
    const scope = lookupScope(flags.cd, process.env);
    const listing = listingOf(scope, wish.allProjects);
    const wanted = await wantedList(scope, wish, listing);
    const answered = { ...wanted, sessions: wanted.sessions.map(listedAs(listing, wish.allProjects)), wish };
    return flags.json
      ? listDocument(answered, scope)
      : listReport(answered, scope, terminalOf(process.stdout, process.env));
  }
}
