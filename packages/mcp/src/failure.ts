import { NO_ANSWER_EXIT } from '@csa/calls';
import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { Answer } from './answer.ts';
import type { NextCall } from './next-call.ts';

const MAX_MESSAGE_BYTES = 1_200;
const MAX_SESSION_BYTES = 64;

/** What kept csa from answering, as a document names it. */
export interface Trouble {
  readonly reason: string;
  /** What, what was expected, what there was, and the next step. */
  readonly message: string;
  readonly session: string | null;
  /** The tool call that goes on from here, where there is one. */
  readonly next: NextCall | null;
}

/** The user's trouble, or a bug of ours, which never shows a stack to a client. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Refusal)) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      reason: 'internal-error',
      message: cleanLine(`csa itself failed, the session is not touched: ${why}. Try again.`, MAX_MESSAGE_BYTES),
      session: null,
      next: null,
    };
  }
  const { session, command } = error.detail;
  return {
    reason: error.reason,
    message: cleanLine(argumentWords(error.message), MAX_MESSAGE_BYTES),
    session: session === undefined ? null : cleanLine(session, MAX_SESSION_BYTES),
    next: nextCall(command ?? []),
  };
}

/** The document of a tool that could not answer; a wait has its own. */
export function failure(error: unknown): Answer {
  const { reason, message, session, next } = troubleOf(error);
  const document = { schema: 'csa.error/1', session, exit: NO_ANSWER_EXIT, reason, message, next };
  return { kind: 'document', document, isError: true };
}

/** Refusals speak of flags; the arguments of tools are called the same, with underscores. */
function argumentWords(message: string): string {
  return message.replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)\b/g, (_, flag: string) => flag.replaceAll('-', '_'));
}

const TOOLS_OF_ONE = new Set(['status', 'result', 'logs']);
const TOOLS_OF_MANY = new Set(['wait', 'stop']);
const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The tool that does what a command would do; a session that is named by its directory has its id at the end of it. */
export function nextCall(command: readonly string[]): NextCall | null {
  const [topic, name = '', ...rest] = command;
  if (topic !== 'session') return null;
  if (name === 'list') return { tool: 'session_list', arguments: {} };
  const id = rest.map((word) => word.slice(word.lastIndexOf('/') + 1)).find((word) => ID.test(word));
  if (id === undefined) return null;
  if (TOOLS_OF_ONE.has(name)) return { tool: `session_${name}`, arguments: { id } };
  return TOOLS_OF_MANY.has(name) ? { tool: `session_${name}`, arguments: { ids: [id] } } : null;
}
