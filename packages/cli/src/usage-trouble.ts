import { cleanLine } from '@csa/markers';
import type { FailedCommand, Trouble } from './failed-command.ts';
import { nearest } from './nearest.ts';

/** What people type without its topic. */
const SESSION_VERBS = [
  'start',
  'wait',
  'result',
  'status',
  'is-alive',
  'list',
  'logs',
  'attach',
  'stop',
  'events',
  'gc',
];
/** Commands of their own. */
const OTHER_COMMANDS = ['doctor', 'completion', 'config'];

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
  const [first = '', second = ''] = words;
  const isSession = first === 'session';
  const verb = nearest(isSession ? second : first, SESSION_VERBS);
  const other = isSession ? undefined : nearest(first, OTHER_COMMANDS);
  const meant = other !== undefined ? [other] : verb !== undefined ? ['session', verb] : undefined;
  const help = isSession ? ['session', '--help'] : ['--help'];
  const name = SESSION_VERBS.includes(first) ? first : words.join(' ');
  const advice = meant === undefined ? `See ${hints.command(help)}` : `Did you mean "csa ${meant.join(' ')}"?`;
  return {
    reason: 'unknown-command',
    message: `there is no command ${JSON.stringify(name)}: expected one that the help lists. ${advice}`,
    command: meant === undefined ? help : [...meant, '--help'],
  };
}
