import { emptyWaitDocument, NO_ANSWER_EXIT, type WaitDocument } from '@csa/calls';
import { cleanLine, formatMarker, isPrintableWord } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { FailedCommand, Trouble } from './failed-command.ts';
import type { Report } from './report.ts';
import { usageTrouble } from './usage-trouble.ts';
import { failedTurn } from './warm/turn/turn-document.ts';

const MAX_MESSAGE_BYTES = 1_200;
const MAX_SESSION_BYTES = 64;

/** What went wrong, in a command that is worded already. */
interface Failure {
  readonly trouble: Trouble;
  readonly message: string;
  readonly session: string | undefined;
  /** The next step. */
  readonly cmd: string;
}

/** Words what kept csa from answering: exit 125, a marker that names the reason, or one JSON document. */
export function reportFailure(error: unknown, command: FailedCommand): Report {
  const session = error instanceof Refusal ? (error.detail.session ?? command.session) : command.session;
  const trouble = classify(error, { ...command, session });
  const message = cleanLine(trouble.message, MAX_MESSAGE_BYTES);
  const failure = { trouble, message, session, cmd: command.hints.command(placed(trouble.command, command)) };
  const isWait = isLikeWait(command);
  if (command.json) {
    const document = isWait ? waitingDocument(failure, command) : errorDocument(failure);
    return { exitCode: NO_ANSWER_EXIT, stdout: [JSON.stringify(document)], stderr: [] };
  }
  const words = failureWords(failure);
  return isWait
    ? { exitCode: NO_ANSWER_EXIT, stdout: [failureMarker('SESSION_WAIT_ERROR', failure)], stderr: words }
    : { exitCode: NO_ANSWER_EXIT, stdout: [], stderr: [...words, failureMarker('SESSION_ERROR', failure)] };
}

/** What blocks as a wait does fails as a wait does. */
function isLikeWait(command: FailedCommand): boolean {
  return command.words.join(' ') === 'session wait' || command.waits === true || isTurn(command);
}

function isTurn({ words }: FailedCommand): boolean {
  return words.join(' ') === 'session warm';
}

function waitingDocument(failure: Failure, command: FailedCommand): object {
  const document = waitDocument(failure);
  return isTurn(command) ? failedTurn(document) : document;
}

function failureMarker(name: 'SESSION_WAIT_ERROR' | 'SESSION_ERROR', { trouble, session, cmd }: Failure): string {
  return formatMarker(name, [
    ['reason', trouble.reason],
    ['session', session === undefined ? undefined : cleanLine(session, MAX_SESSION_BYTES)],
    ['cmd', cmd],
  ]);
}

function failureWords({ trouble, message }: Failure): string[] {
  const stack = trouble.stack?.split('\n') ?? [];
  return [`csa: ${message}`, ...stack.map((line) => cleanLine(line))];
}

function errorDocument({ trouble, message, session, cmd }: Failure): object {
  return {
    schema: 'csa.error/1',
    session: session ?? null,
    exit: NO_ANSWER_EXIT,
    reason: trouble.reason,
    message,
    next: { cmd, tool_timeout_ms: null },
  };
}

function waitDocument(failure: Failure): WaitDocument {
  return {
    ...emptyWaitDocument(NO_ANSWER_EXIT),
    session: failure.session ?? null,
    wait_result: failure.trouble.reason === 'not-found' ? 'not_found' : 'error',
    reason: failure.trouble.reason,
    message: failure.message,
    next: { cmd: failure.cmd, tool_timeout_ms: null },
  };
}

/** A list is of one project: the hint says which, so that it runs from any directory. */
function placed(command: readonly string[], { project }: FailedCommand): readonly string[] {
  const [topic, name, ...flags] = command;
  if (topic !== 'session' || name !== 'list') return command;
  const at = flags.indexOf('--cd');
  const place = at === -1 ? project : flags[at + 1];
  const others = at === -1 ? flags : flags.toSpliced(at, 2);
  const words = [topic, name, ...others];
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
