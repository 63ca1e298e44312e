/** What `session start --help` teaches. */
export const START_DESCRIPTION = `The command runs detached, under a supervisor that records how it ended; it survives the death of this shell, terminal and agent. stdout is the id and nothing else; stderr says how to wait for it and how to stop it.

Everything after -- is the command, unchanged. It runs in the project directory (--cd, else the current one); its output goes to stdout.log and stderr.log in the session's directory. A command that cannot be started is a session too, with a recorded failure (127 not found, 126 not executable).

--wait starts it and then waits as session wait does, with --cap, --timeout, --until-done, --alive-exit-code, --model-provider, --heartbeat, --json and --verbose, its markers and its exit codes; the id is on stderr before the wait begins. Interrupting the wait does not touch the session.

--stdin FILE is opened by this program, from the current directory. --stdin - hands this program's own standard input through: a pipe, a here-document, a file. Without it the command reads nothing. Not taken are a terminal, which no session can read from, and a FIFO by its name: write --stdin - < FIFO, so that the shell waits for its writer.

--on-exit runs a line of shell once the session has finished, however it ended: a notification, a webhook, the next job. It gets the verdict as JSON on its standard input and CSA_HOOK_STATUS and CSA_HOOK_EXIT in its environment, holds up no wait and changes no outcome. Hooks for every session stand in your config; docs/hooks.md has examples.

--idle-timeout ends a command that has printed nothing and used no CPU time for so long, in none of its processes: a silent compiler is not idle, but work that a daemon does for it (docker, a remote machine) is not seen. The session is then recorded as "timeout", reason=idle.

VARIABLES OF THE COMMAND
  CSA_SESSION_ID   the session's id
  CSA_SESSION_DIR  the session's directory
  CSA_RESULT_FILE  where it may leave its own report, in TOML

It has this shell's environment without the marks of the calling agent; with --clear-env nothing of it but PATH. --env NAME passes one variable on by its name, so that a secret stands in no command line.

The report, read after an ordinary exit, overrides the exit code: status = "success", exit_code = 0, summary = "...". status and the integer exit_code are required; any status but "success" is a failure.

EXIT CODES
  0    the session has started; its own end is what wait tells
  125  it has not; reason= on stderr says why
With --wait they are those of session wait.`;

export const START_EXAMPLES: { description: string; command: string }[] = [
  { description: 'start a job', command: '<%= config.bin %> <%= command.id %> -- npm test' },
  {
    description: 'start it and wait for it; the last line is the verdict',
    command: '<%= config.bin %> <%= command.id %> --wait --cap 4m -- node --version',
  },
  {
    description: 'with limits, a label and a description, in another project',
    command:
      '<%= config.bin %> <%= command.id %> --cd ../api --max-time 30m --idle-timeout 5m --label run=42 --description nightly -- make',
  },
  {
    description: 'a pipeline needs a shell',
    command: "<%= config.bin %> <%= command.id %> -- sh -c 'make 2>&1 | tee build.log'",
  },
  {
    description: 'run a line of shell once it has finished',
    command: `<%= config.bin %> <%= command.id %> --on-exit 'echo "$CSA_HOOK_STATUS" >>finished.log' -- npm test`,
  },
  {
    description: 'words for an agent on its standard input',
    command: "echo 'fix the tests' | <%= config.bin %> <%= command.id %> --stdin - -- cat",
  },
];
