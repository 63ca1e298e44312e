import { lookupScope, parseLabels } from '@csa/calls';
import { answerList, listDocument, parseLimit, parseSince, parseStates } from '@csa/calls/list';
import * as Flags from '@oclif/core/flags';
import { CsaCommand } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import { LinesFace, TableFace } from '../../list/list-face.ts';
import { listReport } from '../../list/list-report.ts';
import { LastingOutlet } from '../../output/lasting-outlet.ts';
import { answer, type Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';

export default class SessionList extends CsaCommand {
  static override summary = "List this project's sessions, newest first.";
  static override description =
    `Shows the newest 50, and every older one that is still alive; stderr says how many are left out. An ID is the shortest beginning that every session command takes for this one session, in this project.

STATES
  alive     its supervisor is there
  finished  with the exit code shown; also asked for as success or failed
  dead      its supervisor is gone and recorded nothing
  unknown   cannot be told from here; session status --explain says why

With --watch a terminal shows one table that stays up to date; anywhere else each change is one JSON line (csa.session-list-change/1), at first one for each session; a blank in front of one is nothing, and shows that nobody reads any more.

EXIT CODES
  0    listed, also when there are none; or the reader of a watch left
  125  the sessions could not be read (reason=)
  129 130 143  a watch was ended by HUP, INT, TERM`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'what still runs', command: '<%= config.bin %> <%= command.id %> --state alive' },
    {
      description: 'what went wrong today in another project, as JSON',
      command: '<%= config.bin %> <%= command.id %> --cd ../api --state failed,dead --since 24h --json',
    },
    {
      description: 'all that has a label, in every project',
      command: '<%= config.bin %> <%= command.id %> --all-projects --label team=api --limit all',
    },
  ];
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
    json: Flags.boolean({ description: 'print one JSON document; with --watch one JSON line for each change' }),
    watch: Flags.boolean({
      description: 'keep the list up to date until Ctrl-C; JSON lines where stdout is no terminal',
    }),
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionList);
    const wish = {
      filter: {
        states: parseStates(flags.state),
        labels: flags.label === undefined ? undefined : parseLabels(flags.label),
        tool: flags.tool,
        startedSince: parseSince(flags.since, Date.now()),
      },
      allProjects: flags['all-projects'],
      limit: parseLimit(flags.limit),
    };
    const scope = lookupScope(flags.cd, process.env);
    const terminal = terminalOf(process.stdout, process.env);
    if (flags.watch) {
      const isTable = terminal.isLive && !flags.json;
      const face = isTable ? new TableFace(wish.allProjects) : new LinesFace();
      const { watchList } = await import('../../list/watch-list.ts');
      return watchList(scope, { wish, face, outlet: new LastingOutlet(listenForInterrupts(), { lines: !isTable }) });
    }
    const answered = await answerList(scope, wish);
    return flags.json ? answer([JSON.stringify(listDocument(answered, scope))]) : listReport(answered, scope, terminal);
  }
}
