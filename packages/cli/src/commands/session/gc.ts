import { lookupScope, parseDuration } from '@csa/calls';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag } from '../../csa-command.ts';
import { parseKeep } from '../../gc/keep.ts';
import { runGc } from '../../gc/run-gc.ts';
import type { Report } from '../../report.ts';

const AGE = { name: '--older-than', minMs: 0, maxMs: 3_650 * 86_400_000 };

export default class SessionGc extends CsaCommand {
  static override summary = 'Remove old sessions of this project.';
  static override description =
    `Removes sessions that have ended, finished or dead, longer ago than --older-than; the age counts from the recorded end, and where none is recorded from the last write. --dry-run prints the same plan, and changes nothing.

Never removed: what is alive; what nobody here can say to be dead (another machine or container); what a process of its command still writes to (such a session is named, with the command that ends it); one of whose hooks (--on-exit) still runs; what another session that stays stands for; the newest --keep. Each session is looked at once more right before it goes, and goes as a whole.

What happened to the sessions is told by session events also when they are gone, if anybody has ever read events of the project; where it cannot be written down nothing is removed.

What starts and removals that were cut off have left behind is removed, too. A session that was removed is not found any more (125).

EXIT CODES
  0    done, also when there was nothing to do
  125  something could not be removed, or csa could not look`;
  static override examples = [
    { description: 'what would go', command: '<%= config.bin %> <%= command.id %> --dry-run' },
    {
      description: 'all but the newest 20 that ended over a week ago',
      command: '<%= config.bin %> <%= command.id %> --older-than 7d --keep 20',
    },
  ];
  static override flags = {
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    'older-than': Flags.string({
      description: 'only what ended at least so long ago, 0 to 3650d',
      helpValue: 'DURATION',
      default: '30d',
    }),
    keep: Flags.string({ description: 'the newest N of a project stay', helpValue: 'N', default: '0' }),
    'all-projects': Flags.boolean({ description: 'of every project of this state root', exclusive: ['cd'] }),
    'dry-run': Flags.boolean({ description: 'only print the plan', default: false }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionGc);
    const scope = lookupScope(flags.cd, process.env);
    const hints = this.hints();
    return runGc(scope, {
      olderThanMs: parseDuration(flags['older-than'], AGE),
      olderThan: flags['older-than'],
      keep: parseKeep(flags.keep),
      now: Date.now(),
      allProjects: flags['all-projects'],
      dryRun: flags['dry-run'],
      json: flags.json,
      repeatCommand: hints.command(['session', 'gc', '--dry-run', ...placeWords(flags, scope.project)]),
      stopCommand: (id, directory) => hints.session('stop', scope.roots.isDefault ? { id } : { id, directory }),
    });
  }
}

function placeWords(flags: { readonly 'all-projects': boolean }, project: string): string[] {
  return flags['all-projects'] ? ['--all-projects'] : ['--cd', project];
}
