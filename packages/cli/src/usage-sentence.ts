import { nearest } from '@csa/calls';
import { cleanLine } from '@csa/markers';

/** What oclif says, and how the house says it: what, expected, got. */
const FORMS: ReadonlyArray<readonly [RegExp, (parts: readonly string[], flags: readonly string[]) => string]> = [
  [/^Nonexistent flags?: ([\s\S]+)$/, ([unknown = ''], flags) => unknownFlags(unknown, flags)],
  [/^Unexpected arguments?: ([\s\S]+)$/, ([words = '']) => `too many words: expected fewer, got also ${words}.`],
  [/^Flag (\S+) expects a value$/, ([flag = '']) => `${flag} has no value: expected one after it, got nothing.`],
  [
    /^Expected (?:(--\S+?)=)?([\s\S]*) to be one of: ([\s\S]+)$/,
    ([flag, got = '', values = '']) =>
      `${flag ?? 'a word'} is none of those that are known: expected one of ${values}, got ${JSON.stringify(got)}.`,
  ],
  [
    /(--[\w-]+)(?:=[\s\S]*)? cannot also be provided when using (--[\w-]+)/,
    ([one = '', other = '']) => `${other} and ${one} exclude each other: expected one of them, got both.`,
  ],
  [
    /^(?:The following errors? occurred:\s*)?All of the following must be provided when using (--[\w-]+): (.+)$/,
    ([flag = '', needed = '']) => `${flag} means nothing alone: expected ${needed} beside it, got ${flag} alone.`,
  ],
];

/** The sentence of what a parser refused; `flags`: those that the command knows. */
export function usageSentence(text: string, flags: readonly string[]): string {
  for (const [form, words] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return cleanLine(words(match.slice(1), flags));
  }
  return cleanLine(text.replace(/^The following errors? occurred:\s*/, '')).replace(/\.?$/, '.');
}

function unknownFlags(unknown: string, flags: readonly string[]): string {
  const [first = ''] = unknown.split(',');
  const guess = nearest(first.replace(/^-+/, ''), flags);
  const advice = guess === undefined ? '' : ` Did you mean --${guess}?`;
  return `unknown flag: expected one that the help lists, got ${unknown}.${advice}`;
}
