import { cleanLine, formatMarker, isPrintableWord } from '@csa/markers';
import { Refusal } from '@csa/session';
import { NO_ANSWER_EXIT } from './exit-code.ts';
import type { FailedCommand, Trouble } from './failed-command.ts';
import type { Report } from './report.ts';
import { usageTrouble } from './usage-trouble.ts';
import { emptyWaitDocument } from './wait/wait-json.ts';

const MAX_MESSAGE_BYTES = 1_200;
const MAX_SESSION_BYTES = 64;

/** Words what kept csa from answering: exit 125, a marker that names the reason, or one JSON document. */
export function reportFailure(error: unknown, command: FailedCommand): Report {
  const failed = error instanceof Refusal ? { ...command, session: error.detail.session ?? command.session } : command;
  const trouble = classify(error, failed);
  const isWait = failed.words.join(' ') === 'session wait' || failed.waits === true;
  const message = cleanLine(trouble.message, MAX_MESSAGE_BYTES);
  if (failed.json)
    return { exitCode: NO_ANSWER_EXIT, stdout: [failureJson(trouble, message, failed, isWait)], stderr: [] };
  const session = failed.session === undefined ? undefined : cleanLine(failed.session, MAX_SESSION_BYTES);
  const marker = formatMarker(isWait ? 'SESSION_WAIT_ERROR' : 'SESSION_ERROR', [
    ['reason', trouble.reason],
    ['session', session],
    ['cmd', failed.hints.command(placed(trouble.command, failed))],
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
  const next = { cmd: failed.hints.command(placed(trouble.command, failed)), tool_timeout_ms: null };
  const common = { session: failed.session ?? null, exit: NO_ANSWER_EXIT, reason: trouble.reason, message, next };
  if (!isWait) return JSON.stringify({ schema: 'csa.error/1', ...common });
  const waitResult = trouble.reason === 'not-found' ? 'not_found' : 'error';
  return JSON.stringify({ ...emptyWaitDocument(NO_ANSWER_EXIT), ...common, wait_result: waitResult });
}

/** A list is of one project: the hint says which, so that it runs from any directory. */
function placed(command: readonly string[], { project }: FailedCommand): readonly string[] {
  const words = command.includes('--cd') ? command.slice(0, command.indexOf('--cd')) : command;
  if (words.join(' ') !== 'session list') return command;
  const place = command[words.length + 1] ?? project;
  return place === undefined || !isPrintableWord(place) ? words : [...words, '--cd', place];
}

/** The user's trouble, or a bug of ours. */
function classify(error: unknown, failed: FailedCommand): Trouble {
  const help = [...failed.words, '--help'];
  if (error instanceof Refusal) {
    return { reason: error.reason, message: error.message, command: error.detail.command ?? help };
  }
  if (isUsageError(error)) return usageTrouble(error, failed);
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
