import { cleanLine, formatMarker } from '@csa/markers';
import { Refusal } from '@csa/session';
import { NO_ANSWER_EXIT } from './exit-code.ts';
import type { Hints } from './hints.ts';
import type { Report } from './report.ts';
import { emptyWaitDocument } from './wait-json.ts';

/** The command line that failed, as far as it is needed to word the failure. */
export interface FailedCommand {
  readonly words: readonly string[];
  /** What the user typed as a session id. */
  readonly session?: string | undefined;
  readonly json: boolean;
  readonly hints: Hints;
}

interface Trouble {
  readonly reason: string;
  readonly message: string;
  readonly command: readonly string[];
  /** For people who will have to find a bug of ours. */
  readonly stack?: string | undefined;
}

/** What people type without its topic. */
const SESSION_VERBS = new Set(['start', 'wait', 'result', 'status', 'list', 'logs', 'stop']);

const MAX_MESSAGE_BYTES = 1_200;
const MAX_SESSION_BYTES = 64;

/** Words what kept csa from answering: exit 125, a marker that names the reason, or one JSON document. */
export function reportFailure(error: unknown, failed: FailedCommand): Report {
  const trouble = classify(error, failed);
  const isWait = failed.words.join(' ') === 'session wait';
  const message = cleanLine(trouble.message, MAX_MESSAGE_BYTES);
  if (failed.json)
    return { exitCode: NO_ANSWER_EXIT, stdout: [failureJson(trouble, message, failed, isWait)], stderr: [] };
  const session = failed.session === undefined ? undefined : cleanLine(failed.session, MAX_SESSION_BYTES);
  const marker = formatMarker(isWait ? 'SESSION_WAIT_ERROR' : 'SESSION_ERROR', [
    ['reason', trouble.reason],
    ['session', session],
    ['cmd', failed.hints.command(trouble.command)],
  ]);
  const words = [
    `csa: ${message}`,
    ...(trouble.stack === undefined ? [] : trouble.stack.split('\n').map((line) => cleanLine(line))),
  ];
  return isWait
    ? { exitCode: NO_ANSWER_EXIT, stdout: [marker], stderr: words }
    : { exitCode: NO_ANSWER_EXIT, stdout: [], stderr: [...words, marker] };
}

function failureJson(trouble: Trouble, message: string, failed: FailedCommand, isWait: boolean): string {
  const next = { cmd: failed.hints.command(trouble.command), tool_timeout_ms: null };
  const common = { session: failed.session ?? null, exit: NO_ANSWER_EXIT, reason: trouble.reason, message, next };
  if (!isWait) return JSON.stringify({ schema: 'csa.error/1', ...common });
  const waitResult = trouble.reason === 'not-found' ? 'not_found' : 'error';
  return JSON.stringify({ ...emptyWaitDocument(NO_ANSWER_EXIT), ...common, wait_result: waitResult });
}

/** The user's trouble, or a bug of ours. */
function classify(error: unknown, failed: FailedCommand): Trouble {
  const help = [...failed.words, '--help'];
  if (error instanceof Refusal) {
    return { reason: error.reason, message: error.message, command: error.detail.command ?? help };
  }
  if (isUsageError(error)) return usageTrouble(error.message, failed);
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    reason: 'internal-error',
    message: `csa itself failed, the session is not touched: ${known.message}. Try again; if it fails again, report it with these lines.`,
    command: ['--version'],
    stack: known.stack,
  };
}

/** oclif marks what its parser refuses and commands that it does not know. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'oclif' in error;
}

function usageTrouble(text: string, failed: FailedCommand): Trouble {
  const unknown = /^command (\S+) not found$/.exec(text)?.[1];
  if (unknown !== undefined) return unknownCommand(unknown.split(':'), failed);
  const help = [...failed.words, '--help'];
  const sentence = cleanLine(text.replace(/\nSee more help with --help.*$/s, '')).replace(/\.?$/, '.');
  return { reason: 'usage', message: `${sentence} See ${failed.hints.command(help)}`, command: help };
}

function unknownCommand(words: readonly string[], { hints }: FailedCommand): Trouble {
  const help = words[0] === 'session' ? ['session', '--help'] : ['--help'];
  const isVerb = SESSION_VERBS.has(words[0] ?? '');
  const name = isVerb ? (words[0] ?? '') : words.join(' ');
  const guess = isVerb ? `Did you mean "csa session ${name}"?` : `See ${hints.command(help)}`;
  return {
    reason: 'unknown-command',
    message: `there is no command ${JSON.stringify(name)}: expected one that the help lists. ${guess}`,
    command: isVerb ? ['session', name, '--help'] : help,
  };
}
