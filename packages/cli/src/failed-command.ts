import { resolve } from 'node:path';
import type { Hints } from '@csa/calls';
import { OTHER_COMMANDS, splitCommandWords } from './command-words.ts';
import { ownHints } from './program.ts';
import { isDurationWord } from './warm/switch/duration-word.ts';

/** The command line that failed, as far as it is needed to word the failure. */
export interface FailedCommand {
  readonly words: readonly string[];
  /** What the user typed as a session id. */
  readonly session?: string | undefined;
  readonly json: boolean;
  /** It was to end as a wait does: a start with `--wait`. */
  readonly waits?: boolean;
  readonly hints: Hints;
  /** Where its sessions were looked up. */
  readonly project?: string | undefined;
}

/** What kept csa from answering. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
  readonly command: readonly string[];
  /** For people who will have to find a bug of ours. */
  readonly stack?: string | undefined;
}

/** Commands whose words are no session ids. */
const WITHOUT_ID = new Set(['start', 'list', 'events', 'brief', 'gc', 'warm hook', 'warm report']);

/** Commands that take other words beside an id, or are easily given some: durations, each other's names. */
const WITH_WORDS = new Set(['warm on', 'warm off', 'warm status']);
/** The letters of an id; the first of them carries three bits. */
const ID_LIKE = /^[0-7][0-9A-HJKMNP-TV-Z]{0,25}$/i;
/** `on` takes a number alone for seconds; elsewhere it is the beginning of an id. */
const DURATION = /^(?:\d+(?:ms|[smhd]))+$/;

/** Reads a failed command line without its parser, which may be what refused it. */
export function failedCommand(argv: readonly string[]): FailedCommand {
  const at = argv.indexOf('--');
  const words = at === -1 ? argv : argv.slice(0, at);
  const { command, rest } = splitCommandWords(words);
  const [topic, ...names] = command;
  const isSession = topic === 'session' && names.length > 0;
  return {
    words: topic === 'session' ? command : otherCommand(words),
    session: isSession && !WITHOUT_ID.has(names.join(' ')) ? askedSession(rest, idTest(names.join(' '))) : undefined,
    json: words.includes('--json'),
    waits: isSession && names[0] === 'start' && words.includes('--wait'),
    hints: ownHints(process.env),
    project: askedProject(words),
  };
}

/** A command that is about no session, as far as it is known. */
function otherCommand([first = '', second]: readonly string[]): string[] {
  if (OTHER_COMMANDS.includes(first)) return [first];
  return first === 'config' && second === 'show' ? [first, second] : [];
}

function idTest(command: string): (word: string) => boolean {
  if (!WITH_WORDS.has(command)) return () => true;
  return (word) => ID_LIKE.test(word) && !(command === 'warm on' ? isDurationWord(word) : DURATION.test(word));
}

/** The word that was meant as an id, as far as a failed command line shows it. */
function askedSession(words: readonly string[], isId: (word: string) => boolean): string | undefined {
  const joined = words.find((word) => word.startsWith('--session='));
  if (joined !== undefined) return joined.slice('--session='.length);
  const flag = words.indexOf('--session');
  return flag === -1
    ? words.find((word, i) => !word.startsWith('-') && !words[i - 1]?.startsWith('--') && isId(word))
    : words[flag + 1];
}

function askedProject(words: readonly string[]): string | undefined {
  const joined = words.find((word) => word.startsWith('--cd='))?.slice('--cd='.length);
  const flag = words.indexOf('--cd');
  try {
    return resolve(joined ?? (flag === -1 ? '.' : (words[flag + 1] ?? '.')));
  } catch {
    // The current directory is gone.
    return undefined;
  }
}
