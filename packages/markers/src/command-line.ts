import { CONTROLS } from './characters.ts';

/** Words that mean themselves to a POSIX shell wherever they stand after the first one (`=a` does not, to zsh). */
const PLAIN_WORD = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;
/** The first word could also be an assignment or one of the reserved words. (bash takes even `'%1'` for a job.) */
const PLAIN_COMMAND = /^[A-Za-z0-9_@+:,./-][A-Za-z0-9_@%+:,./-]*$/;
const RESERVED: ReadonlySet<string> = new Set(
  'case coproc do done elif else end esac fi for foreach function if in nocorrect repeat select then time until while'.split(
    ' ',
  ),
);

/** Controls, and U+FFFD: it stands for bytes that could not be decoded, so that the word is no longer the real one. */
const UNPRINTABLE = new RegExp(String.raw`[${CONTROLS}\ufffd\ud800-\udfff]`, 'u');

/**
 * One plain command for a POSIX shell, words in single quotes where they need it; the shell gives exactly these words
 * to the program. A word with control characters is quoted as it is: right for a shell that is given the text directly,
 * wrong in a marker, which drops them. There is no portable way to spell one (dash has no `$'...'`), so ask
 * `isPrintableWord` first.
 *
 * @throws TypeError for a word with a NUL, which no command can be given
 */
export function formatCommand(argv: readonly string[]): string {
  return argv.map((word, index) => (isPlain(word, index) ? word : quote(word))).join(' ');
}

/** Whether a word comes through a marker and a terminal unchanged: false when it holds control characters or bytes that
 * were no UTF-8. Then a hint has to say so instead of printing a command that is wrong. */
export function isPrintableWord(word: string): boolean {
  return !UNPRINTABLE.test(word);
}

function isPlain(word: string, index: number): boolean {
  if (index > 0) return PLAIN_WORD.test(word);
  return PLAIN_COMMAND.test(word) && !RESERVED.has(word);
}

function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError(`a word of a command can't hold a NUL: ${JSON.stringify(word)}`);
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
