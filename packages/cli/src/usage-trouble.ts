import { nearest } from '@csa/calls';
import { OTHER_COMMANDS } from './command-words.ts';
import type { FailedCommand, Trouble } from './failed-command.ts';
import { usageSentence } from './usage-sentence.ts';

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
  'brief',
  'events',
  'gc',
  'warm',
];
const TAKES_NO_WORD = new Set(['doctor', 'agents-md', 'mcp']);

/** What oclif's parser refuses, and commands that it does not know, in the house's form. */
export function usageTrouble(error: Error, failed: FailedCommand): Trouble {
  const text = error.message.replace(/\nSee more help with --help.*$/s, '');
  const unknown = /^command (\S+) not found$/.exec(text)?.[1];
  if (unknown !== undefined) return unknownCommand(unknown.split(':'), failed);
  const help = [...failed.words, '--help'];
  const message = `${usageSentence(text, flagsOf(error))} See ${failed.hints.command(help)}`;
  return { reason: 'usage', message, command: help };
}

/** The flags of the command whose words were parsed, as oclif's error carries them. */
function flagsOf(error: Error): string[] {
  const parse = 'parse' in error ? (error.parse as { input?: { flags?: object } } | undefined) : undefined;
  return Object.keys(parse?.input?.flags ?? {});
}

function unknownCommand(words: readonly string[], { hints }: FailedCommand): Trouble {
  const [first = '', second = ''] = words;
  if (TAKES_NO_WORD.has(first)) return tooManyWords(first, second);
  const isSession = first === 'session';
  const meant = meantCommand(first, second);
  const help = isSession ? ['session', '--help'] : ['--help'];
  const name = SESSION_VERBS.includes(first) ? first : words.join(' ');
  const advice = meant === undefined ? `See ${hints.command(help)}` : `Did you mean "csa ${meant.join(' ')}"?`;
  return {
    reason: 'unknown-command',
    message: `there is no command ${JSON.stringify(name)}: expected one that the help lists. ${advice}`,
    command: meant === undefined ? help : [...meant, '--help'],
  };
}

function meantCommand(first: string, second: string): string[] | undefined {
  if (first === 'config') return ['config', 'show'];
  const other = first === 'session' ? undefined : nearest(first, [...OTHER_COMMANDS, 'config']);
  if (other !== undefined) return [other];
  const verb = nearest(first === 'session' ? second : first, SESSION_VERBS);
  return verb === undefined ? undefined : ['session', verb];
}

/** oclif takes the word after a command that takes none for the command's second name. */
function tooManyWords(command: string, word: string): Trouble {
  const help = [command, '--help'];
  const message = `too many words: expected none after ${command}, got ${JSON.stringify(word)}. Leave it out.`;
  return { reason: 'usage', message, command: help };
}
