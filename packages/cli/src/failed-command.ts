import { resolve } from 'node:path';
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
const WITHOUT_ID = new Set(['start', 'list', 'events', 'gc']);

/** Reads a failed command line without its parser, which may be what refused it. */
export function failedCommand(argv: readonly string[]): FailedCommand {
  const at = argv.indexOf('--');
  const words = at === -1 ? argv : argv.slice(0, at);
  const isSession = words[0] === 'session' && words[1] !== undefined && !words[1].startsWith('-');
  return {
    words: isSession ? ['session', words[1] ?? ''] : words[0] === 'session' ? ['session'] : otherCommand(words),
    session: isSession && !WITHOUT_ID.has(words[1] ?? '') ? askedSession(words.slice(2)) : undefined,
    json: words.includes('--json'),
    waits: isSession && words[1] === 'start' && words.includes('--wait'),
    hints: new Hints(programWords(process.env)),
    project: askedProject(words),
  };
}

/** A command that is about no session, as far as it is known. */
function otherCommand([first = '', second]: readonly string[]): string[] {
  if (first === 'doctor' || first === 'completion') return [first];
  return first === 'config' && second === 'show' ? [first, second] : [];
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
