import { cleanLine } from '@csa/markers';
import type { FailedCommand, Trouble } from './failed-command.ts';

/** What people type without its topic. */
const SESSION_VERBS = ['start', 'wait', 'result', 'status', 'list', 'logs', 'stop'];
/** How different a word may be from the one that it was meant for. */
const MAX_DISTANCE = 2;

/** What oclif's parser refuses, and commands that it does not know, in the house's form. */
export function usageTrouble(error: Error, failed: FailedCommand): Trouble {
  const text = error.message.replace(/\nSee more help with --help.*$/s, '');
  const unknown = /^command (\S+) not found$/.exec(text)?.[1];
  if (unknown !== undefined) return unknownCommand(unknown.split(':'), failed);
  const help = [...failed.words, '--help'];
  const message = `${sentence(text, flagsOf(error))} See ${failed.hints.command(help)}`;
  return { reason: 'usage', message, command: help };
}

function sentence(text: string, flags: readonly string[]): string {
  const [, unknownFlags] = /^Nonexistent flags?: ([\s\S]+)$/.exec(text) ?? [];
  if (unknownFlags !== undefined) {
    const [first = ''] = unknownFlags.split(',');
    const guess = nearest(first.replace(/^-+/, ''), flags);
    const advice = guess === undefined ? '' : ` Did you mean --${guess}?`;
    return `unknown flag: expected one that the help lists, got ${cleanLine(unknownFlags)}.${advice}`;
  }
  const [, unexpected] = /^Unexpected arguments?: ([\s\S]+)$/.exec(text) ?? [];
  if (unexpected !== undefined) return `too many words: expected fewer, got also ${cleanLine(unexpected)}.`;
  const [, valueless] = /^Flag (\S+) expects a value$/.exec(text) ?? [];
  if (valueless !== undefined) return `${valueless} has no value: expected one after it, got nothing.`;
  const rest = text.replace(/^The following errors? occurred:\s*/, 'the command line contradicts itself: ');
  return cleanLine(rest).replace(/\.?$/, '.');
}

/** The flags of the command whose words were parsed, as oclif's error carries them. */
function flagsOf(error: Error): string[] {
  const parse = 'parse' in error ? (error.parse as { input?: { flags?: object } } | undefined) : undefined;
  return Object.keys(parse?.input?.flags ?? {});
}

function unknownCommand(words: readonly string[], { hints }: FailedCommand): Trouble {
  const [first = '', second] = words;
  const verb = first === 'session' ? nearest(second ?? '', SESSION_VERBS) : nearest(first, SESSION_VERBS);
  const help = first === 'session' ? ['session', '--help'] : ['--help'];
  const name = SESSION_VERBS.includes(first) ? first : words.join(' ');
  const advice = verb === undefined ? `See ${hints.command(help)}` : `Did you mean "csa session ${verb}"?`;
  return {
    reason: 'unknown-command',
    message: `there is no command ${JSON.stringify(name)}: expected one that the help lists. ${advice}`,
    command: verb === undefined ? help : ['session', verb, '--help'],
  };
}

/** The known word that was probably meant: one that begins so, or the least different one. */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (word === '') return undefined;
  const begun = known.find((candidate) => candidate.startsWith(word));
  if (begun !== undefined) return begun;
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word, candidate) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= MAX_DISTANCE ? best.candidate : undefined;
}

/** Levenshtein's: how many characters must be changed, added or removed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
