import { fileURLToPath } from 'node:url';
import { sessionsDirectory } from '@csa/session';
import { start } from '@csa/supervisor';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CsaCommand } from '../../csa-command.ts';
import { sessionHooks } from '../../hooks/session-hooks.ts';
import { lookupScope } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { parseEnvironment, parseMaxTime, splitCommand } from '../../start/start-words.ts';
import { startedReport } from '../../start/started.ts';

export default class SessionStart extends CsaCommand {
  static override summary = 'Start a command as a session and print its id.';
  static override description =
    `The command runs detached, under a supervisor that records how it ended; it survives the death of this shell, terminal and agent. stdout is the id and nothing else; stderr says how to wait for it and how to stop it.

Everything after -- is the command, unchanged. It runs in the project directory (--cd, else the current one) with nothing on stdin; its output goes to stdout.log and stderr.log in the session's directory. A command that cannot be started is a session too, with a recorded failure (127 not found, 126 not executable).

VARIABLES OF THE COMMAND
  CSA_SESSION_ID   the session's id
  CSA_SESSION_DIR  the session's directory
  CSA_RESULT_FILE  where it may leave its own report, in TOML

The report, read after an ordinary exit, overrides the exit code: status = "success", exit_code = 0, summary = "...". status and the integer exit_code are required; any status but "success" is a failure.

EXIT CODES
  0    the session has started; its own end is what wait tells
  125  it has not; reason= on stderr says why`;
  static override usage = '<%= command.id %> [FLAGS] -- COMMAND [ARGS...]';
  static override examples = [
    { description: 'start a job', command: '<%= config.bin %> <%= command.id %> -- npm test' },
    {
      description: 'with a time limit and a description, in another project',
      command: '<%= config.bin %> <%= command.id %> --cd ../api --max-time 30m --description nightly -- make',
    },
    {
      description: 'a pipeline needs a shell',
      command: "<%= config.bin %> <%= command.id %> -- sh -c 'make 2>&1 | tee build.log'",
    },
  ];
  // Only so that words before `--` are named in the error instead of being taken for a command's name.
  static override args = { command: Args.string({ hidden: true, ignoreStdin: true }) };
  static override strict = false;
  static override flags = {
    cd: Flags.string({ description: 'project directory to run in (default: the current one)', helpValue: 'DIR' }),
    description: Flags.string({ description: 'what this is, for people', helpValue: 'TEXT', default: '' }),
    tool: Flags.string({ description: "name in lists (default: the command's)", helpValue: 'NAME' }),
    'max-time': Flags.string({
      description: 'end the command after this time (TERM, 10 s later KILL)',
      helpValue: 'DURATION',
    }),
    env: Flags.string({
      description: 'set a variable for the command; repeatable',
      helpValue: 'NAME=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'on-exit': Flags.string({
      description: 'run this with sh once the session has finished, the verdict as JSON on its stdin; repeatable',
      helpValue: 'COMMAND',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'keep-agent-env': Flags.boolean({ description: "leave the calling agent's marks in the command's environment" }),
  };

  async run(): Promise<Report> {
    const { before, command } = splitCommand(this.argv);
    const { flags, argv } = await this.parse(SessionStart, before);
    const scope = lookupScope(flags.cd, process.env);
    const hooks = sessionHooks(flags['on-exit'] ?? [], process.env, scope.project);
    const started = await start({
      argv: command(argv),
      project: scope.project,
      sessions: sessionsDirectory(scope.roots.primary, scope.project),
      description: flags.description,
      tool: flags.tool,
      maxTimeMs: parseMaxTime(flags['max-time']),
      inheritedEnv: process.env,
      addedEnv: parseEnvironment(flags.env ?? []),
      keepAgentMarks: flags['keep-agent-env'],
      hooks: hooks.commands,
      supervisorScript: fileURLToPath(new URL('../../../bin/csa-supervisor.js', import.meta.url)),
    });
    const report = startedReport(started, scope, this.hints(), process.env);
    return { ...report, stderr: [...hooks.warnings, ...report.stderr] };
  }
}
