import { resolve } from 'node:path';
import { splitCommandWords } from './command-words.ts';
import { Hints, programWords } from './hints.ts';

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
const WITHOUT_ID = new Set(['start', 'list', 'events', 'gc', 'warm hook', 'warm report']);

/** `session warm on` takes an id and a duration (`1h30m`), in either order. */
const DURATION = /^\d[\d.smhd]*$/;

/** Reads a failed command line without its parser, which may be what refused it. */
export function failedCommand(argv: readonly string[]): FailedCommand {
  const at = argv.indexOf('--');
  const words = at === -1 ? argv : argv.slice(0, at);
  const { command, rest } = splitCommandWords(words);
  const [topic, ...names] = command;
  const isSession = topic === 'session' && names.length > 0;
  return {
    words: topic === 'session' ? command : otherCommand(words),
    session: isSession && !WITHOUT_ID.has(names.join(' ')) ? askedSession(idsOf(names, rest)) : undefined,
    json: words.includes('--json'),
    waits: isSession && names[0] === 'start' && words.includes('--wait'),
    hints: new Hints(programWords(process.env)),
    project: askedProject(words),
  };
}

/** A command that is about no session, as far as it is known. */
function otherCommand([first = '', second]: readonly string[]): string[] {
  if (first === 'doctor' || first === 'completion') return [first];
  return first === 'config' && second === 'show' ? [first, second] : [];
}

function idsOf(names: readonly string[], words: readonly string[]): readonly string[] {
  return names[1] === 'on' ? words.filter((word) => !DURATION.test(word)) : words;
}

/** The word that was meant as an id, as far as a failed command line shows it. */
function askedSession(words: readonly string[]): string | undefined {
  const joined = words.find((word) => word.startsWith('--session='));
  if (joined !== undefined) return joined.slice('--session='.length);
  const flag = words.indexOf('--session');
  return flag === -1
    ? words.find((word, i) => !word.startsWith('-') && !words[i - 1]?.startsWith('--'))
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
