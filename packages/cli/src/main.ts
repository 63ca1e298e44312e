import { fileURLToPath } from 'node:url';
import { standInForAccount } from './account.ts';
import { emit } from './emit.ts';
import { failedCommand } from './failed-command.ts';
import { reportFailure } from './failure.ts';
import type { Report } from './report.ts';

/** Words before a command's own. */
const TOPICS = ['session', 'config'];

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

/** `session:wait` is oclif's own spelling of `session wait`. */
function spacedCommand(typed: readonly string[]): string[] {
  const [first = '', ...rest] = typed;
  return TOPICS.some((topic) => first.startsWith(`${topic}:`)) ? [...first.split(':'), ...rest] : [...typed];
}

async function runCommand(argv: readonly string[]): Promise<unknown> {
  standInForAccount();
  const { run } = await import('@oclif/core/run');
  return run(commandLine(argv), { root: fileURLToPath(new URL('..', import.meta.url)) });
}

/** Names the command as oclif stores it, so that it never takes words of the command for part of its name. */
function commandLine(argv: readonly string[]): string[] {
  const [topic, name, ...rest] = argv;
  if (topic === 'help') return commandLine([...argv.slice(1), '--help']);
  if (topic === 'version' && name === undefined) return ['--version'];
  const isCommand = TOPICS.includes(topic ?? '') && name !== undefined && !name.startsWith('-');
  return isCommand ? [`${topic}:${name}`, ...rest] : [...argv];
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
