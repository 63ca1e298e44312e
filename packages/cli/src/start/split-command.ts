import { Refusal } from '@csa/session';

type Argv = readonly [command: string, ...args: string[]];

/**
 * Splits at the first `--`: what follows is the command and is never parsed. `command` checks that there is one;
 * `stray` are the words before `--` that are no flags.
 * @throws Refusal reason=missing-command where there is no `--`: the command's own flags would be taken for ours
 */
export function splitCommand(argv: readonly string[]): {
  before: string[];
  command: (stray: readonly unknown[]) => Argv;
} {
  const at = argv.indexOf('--');
  if (at === -1) throw missing(describeWords(argv[0]));
  return { before: argv.slice(0, at), command: (stray) => requireCommand(stray, argv.slice(at + 1)) };
}

/** Only a word that stands first: any other may be the value of a flag, and a secret. */
function describeWords(first: string | undefined): string {
  if (first === undefined || first.startsWith('-')) return 'no -- at all';
  return `the word ${JSON.stringify(first.slice(0, 80))} without -- before it`;
}

function requireCommand(stray: readonly unknown[], after: readonly string[]): Argv {
  if (stray.length > 0) throw missing(`the word ${JSON.stringify(String(stray[0]))} before --`);
  const [command, ...args] = after;
  if (command === undefined) throw missing('nothing after --');
  if (command === '') throw missing('an empty word as the command');
  if (after.some((word) => word.includes('\0'))) throw missing('a word with a NUL character');
  return [command, ...args];
}

function missing(got: string): Refusal {
  return new Refusal({
    reason: 'missing-command',
    what: 'which command to start is not said',
    expected: 'the command after --, as in: csa session start -- npm test',
    got,
    next: 'Put -- before the command',
    command: ['session', 'start', '--help'],
  });
}
