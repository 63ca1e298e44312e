import { fileURLToPath } from 'node:url';
import { standInForAccount } from './account.ts';
import { spacedCommand, splitCommandWords } from './command-words.ts';
import { emit } from './emit.ts';
import { failedCommand } from './failed-command.ts';
import { reportFailure } from './failure.ts';
import type { Report } from './report.ts';

/** Runs one command line; the process's exit code is set here and nowhere else. */
export async function main(typed: readonly string[]): Promise<void> {
  const argv = spacedCommand(typed);
  process.on('uncaughtException', (error) => die(error, argv));
  try {
    const outcome = await runCommand(argv);
    if (isReport(outcome)) emit(outcome);
  } catch (error) {
    emit(reportFailure(error, failedCommand(argv)));
  }
}

async function runCommand(argv: readonly string[]): Promise<unknown> {
  if (argv.length === 1 && argv[0] === 'mcp') return serve();
  standInForAccount();
  const { run } = await import('@oclif/core/run');
  // There are no plugins: what a data directory holds is never loaded, and need not be readable.
  return run(commandLine(argv), { root: fileURLToPath(new URL('..', import.meta.url)), userPlugins: false });
}

/** A conversation may begin without the tools of a server that is slow to answer: without flags it loads no parser. */
async function serve(): Promise<Report> {
  const { runServer } = await import('./mcp/run-server.ts');
  return runServer(false);
}

/** Names the command as oclif stores it, so that it never takes words of the command for part of its name. */
function commandLine(argv: readonly string[]): string[] {
  const [first, second] = argv;
  if (first === 'help') return commandLine([...argv.slice(1), '--help']);
  if (first === 'version' && second === undefined) return ['--version'];
  const { command, rest } = splitCommandWords(argv);
  return command.length === 0 ? [...rest] : [command.join(':'), ...rest];
}

/** Help and version print themselves and return nothing. */
function isReport(outcome: unknown): outcome is Report {
  return typeof outcome === 'object' && outcome !== null && 'exitCode' in outcome;
}

/** A crash of csa itself; the event loop cannot be trusted any more. */
function die(error: Error, argv: readonly string[]): void {
  // Whoever read our help has read enough of it.
  if ('code' in error && error.code === 'EPIPE') process.exit();
  emit(reportFailure(error, failedCommand(argv)));
  process.exit();
}
