import { inertLine } from '@csa/markers';

const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
/** What would break a line, could not be seen in it, or could end what the whole brief is wrapped in. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}\ufffd<>]/u;
const MAX_COMMAND = 700;

/** A session's own text: inert, and in quotes, which it cannot end. */
export function quoted(text: string, maxChars: number): string {
  return `"${inertLine(text, maxChars)}"`;
}

/** A session's own word, as of its tool or its status; in quotes where it is none. */
export function wordOf(text: string): string {
  return PLAIN_WORD.test(text) ? text : quoted(text, 40);
}

/** A command of ours as code. It is given whole and in one line, or not at all. */
export function commandWords(command: string): string {
  if (UNPRINTABLE.test(command)) return '(not shown: its path cannot be printed)';
  if (command.length > MAX_COMMAND) return '(not shown: its path is too long)';
  return codeSpan(command);
}

/** In more backticks than it holds itself, as CommonMark 6.1 has it. */
function codeSpan(command: string): string {
  const longest = Math.max(0, ...(command.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${command}${fence}` : `${fence} ${command} ${fence}`;
}

/** RFC 3339 in UTC, in whole seconds; `undefined` for what is no time. */
export function timeOf(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
