import { type Hints, NO_ANSWER_EXIT } from '@csa/calls';
import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';
import { isRecord } from './input/record.ts';
import { type NextCall, type NextStep, nextStep } from './next-call.ts';

const MAX_MESSAGE_BYTES = 1_200;
const MAX_SESSION_BYTES = 64;

/** What kept a tool from answering. */
export interface Failure {
  readonly reason: string;
  /** What, what was expected, what there was, and the next step. */
  readonly message: string;
  /** The session that was meant, as far as it can be told. */
  readonly session: string | null;
  /** Where there is a tool that goes on from here. */
  readonly next: NextStep | null;
}

/** The user's trouble, or a bug of ours, which never shows a stack to a client. `given`: the arguments of the call. */
export function failureOf(error: unknown, given: unknown, hints: Hints): Failure {
  const { reason, message } = wordsOf(error);
  const detail = error instanceof Refusal ? error.detail : undefined;
  const session = detail?.session ?? askedSession(given);
  const command = detail?.command ?? [];
  return {
    reason,
    message: cleanLine(message, MAX_MESSAGE_BYTES),
    session: session === undefined ? null : cleanLine(session, MAX_SESSION_BYTES),
    next: nextStep({ cmd: hints.command(command), tool_timeout_ms: null }, nextCall(command)),
  };
}

/** The document of a tool that could not answer; a wait has its own. */
export function errorDocument({ reason, message, session, next }: Failure): object {
  return { schema: 'csa.error/1', session, exit: NO_ANSWER_EXIT, reason, message, next };
}

function wordsOf(error: unknown): { readonly reason: string; readonly message: string } {
  if (error instanceof Refusal) return { reason: error.reason, message: argumentWords(error.message) };
  const why = error instanceof Error ? error.message : String(error);
  const message = `csa itself failed, the session is not touched: ${why}. Try again.`;
  return { reason: 'internal-error', message };
}

/** Refusals speak of flags; the arguments of tools are called the same, with underscores. */
function argumentWords(message: string): string {
  return message.replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)\b/g, (_, flag: string) => flag.replaceAll('-', '_'));
}

function askedSession(given: unknown): string | undefined {
  if (!isRecord(given)) return undefined;
  const { id, ids } = given;
  const asked = Array.isArray(ids) && ids.length === 1 ? ids[0] : id;
  return typeof asked === 'string' ? asked : undefined;
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
