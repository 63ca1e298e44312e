/** A flag as the command's definition has it. */
export interface KnownFlag {
  readonly name: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** The only values that it takes. */
  readonly options?: readonly string[] | undefined;
  /** `DIR`, `FILE`: what its help calls the value. */
  readonly valueName?: string | undefined;
}

export interface KnownCommand {
  /** `session`, `wait`. */
  readonly words: readonly string[];
  readonly about: string;
  readonly flags: readonly KnownFlag[];
  /** The only words that its argument may be. */
  readonly options?: readonly string[] | undefined;
}

/** One word that may stand at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** Sessions that a command is usually about. */
export type WantedIds = 'alive' | 'any';

/** What may stand at the cursor; the shell itself knows files, directories and programs. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | {
      readonly kind: 'ids';
      readonly wanted: WantedIds;
      readonly project: string | undefined;
      /** What may stand there instead: the commands below this one. */
      readonly or: readonly Candidate[];
    }
  | { readonly kind: 'files' | 'directories' | 'programs' | 'nothing' };

const NOTHING: Completion = { kind: 'nothing' };
/** Commands whose argument is a session; those that act on a running one offer only these. */
const IDS: ReadonlyMap<string, WantedIds> = new Map([
  ['session wait', 'alive'],
  ['session attach', 'alive'],
  ['session stop', 'alive'],
  ['session status', 'any'],
  ['session is-alive', 'any'],
  ['session result', 'any'],
  ['session logs', 'any'],
  ['session warm', 'alive'],
  ['session warm on', 'alive'],
  ['session warm off', 'any'],
  ['session warm status', 'any'],
]);

/**
 * What may stand at the end of a command line. `typed`: its words after the program's name; the last one is the
 * word at the cursor, possibly empty.
 */
export function complete(typed: readonly string[], commands: readonly KnownCommand[]): Completion {
  const words = withoutBreaks(typed);
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  if (before.includes('--')) return { kind: before.at(-1) === '--' ? 'programs' : 'files' };
  const { command, rest } = readCommand(before, commands);
  if (command === undefined) return rest.length > 0 ? NOTHING : matching(nextWords(before, commands), current);
  const valued = command.flags.find((flag) => flag.takesValue && `--${flag.name}` === rest.at(-1));
  if (valued !== undefined) return completeValue(valued, current);
  if (/^--[^=]+=/.test(current)) return completeJoined(command, current);
  if (current.startsWith('-')) return matching(command.flags.map(flagCandidate), current);
  const below = rest.length === 0 ? nextWords(before, commands) : [];
  return completeArgument(command, rest, { current, below });
}

/** bash breaks `--cd=DIR` into three words. */
function withoutBreaks(typed: readonly string[]): string[] {
  return typed.flatMap((word, i) => {
    if (word !== '=' || typed[i - 1]?.startsWith('--') !== true) return [word];
    return i === typed.length - 1 ? [''] : [];
  });
}

/** The command that the words name, and the words after it; before it stand no flags. */
function readCommand(
  words: readonly string[],
  commands: readonly KnownCommand[],
): { command?: KnownCommand; rest: readonly string[] } {
  const named = commands.filter((known) => known.words.every((word, i) => words[i] === word));
  // Of two the one below: `session warm on`.
  const [command] = named.sort((a, b) => b.words.length - a.words.length);
  if (command !== undefined) return { command, rest: words.slice(command.words.length) };
  const isBeginning = commands.some((known) => words.every((word, i) => known.words[i] === word));
  return { rest: isBeginning ? [] : words };
}

function nextWords(before: readonly string[], commands: readonly KnownCommand[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, about } of commands) {
    const word = words[before.length];
    if (word === undefined || !before.every((typed, i) => words[i] === typed) || next.has(word)) continue;
    next.set(word, words.length === before.length + 1 ? about : '');
  }
  return Array.from(next, ([word, about]) => ({ word, about }));
}

function completeValue({ options, valueName }: KnownFlag, current: string): Completion {
  if (options !== undefined) return matching(plain(options), current);
  if (valueName === 'DIR') return { kind: 'directories' };
  if (valueName?.startsWith('FILE') === true) return { kind: 'files' };
  return NOTHING;
}

/** `--state=al`: a shell that does not break the word replaces it as a whole. */
function completeJoined(command: KnownCommand, current: string): Completion {
  const at = current.indexOf('=') + 1;
  const flag = command.flags.find(({ name }) => `--${name}=` === current.slice(0, at));
  if (flag?.options === undefined) return NOTHING;
  return matching(plain(flag.options.map((value) => current.slice(0, at) + value)), current);
}

function completeArgument(
  command: KnownCommand,
  rest: readonly string[],
  { current, below }: { readonly current: string; readonly below: readonly Candidate[] },
): Completion {
  const wanted = IDS.get(command.words.join(' '));
  if (wanted !== undefined) {
    const or = below.filter(({ word }) => word.startsWith(current));
    return { kind: 'ids', wanted, project: wordAfter('--cd', rest), or };
  }
  return command.options === undefined ? NOTHING : matching(plain(command.options), current);
}

function wordAfter(flag: string, words: readonly string[]): string | undefined {
  const joined = words.find((word) => word.startsWith(`${flag}=`));
  const at = words.indexOf(flag);
  return joined?.slice(flag.length + 1) ?? (at === -1 ? undefined : words[at + 1]);
}

function flagCandidate({ name, about }: KnownFlag): Candidate {
  return { word: `--${name}`, about };
}

function plain(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, about: '' }));
}

function matching(words: readonly Candidate[], current: string): Completion {
  return { kind: 'words', words: words.filter(({ word }) => word.startsWith(current)) };
}
