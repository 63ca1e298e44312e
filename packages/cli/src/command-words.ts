/** Words before a command's own. */
const TOPICS: ReadonlySet<string> = new Set(['session', 'config']);
/** Commands that have others below them; none of these words can be the beginning of a session's id. */
const SUBCOMMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['session warm', ['on', 'off', 'status', 'hook', 'report']],
]);

/** Commands that are about no session, and stand below no topic. */
export const OTHER_COMMANDS: readonly string[] = ['doctor', 'completion', 'agents-md', 'mcp', 'setup'];

/** A command line, the words that name the command apart from its own. */
export interface SplitWords {
  /** `session`, `warm`, `on`; empty where the first word begins with a dash. */
  readonly command: readonly string[];
  readonly rest: readonly string[];
}

/** `session:wait` is oclif's own spelling of `session wait`. */
export function spacedCommand(typed: readonly string[]): string[] {
  const [first = '', ...rest] = typed;
  const [topic = ''] = first.split(':');
  return TOPICS.has(topic) ? [...first.split(':'), ...rest] : [...typed];
}

/** Tells by the words alone how many of them name the command, whether there is such a command or not. */
export function splitCommandWords(argv: readonly string[]): SplitWords {
  const count = countNames(argv);
  return { command: argv.slice(0, count), rest: argv.slice(count) };
}

function countNames([first, second, third]: readonly string[]): number {
  if (first === undefined || first.startsWith('-')) return 0;
  if (!TOPICS.has(first) || second === undefined || second.startsWith('-')) return 1;
  return third !== undefined && subcommandsOf(`${first} ${second}`).includes(third) ? 3 : 2;
}

/** The words with which a command goes on that has others below it. */
export function subcommandsOf(command: string): readonly string[] {
  return SUBCOMMANDS.get(command) ?? [];
}
