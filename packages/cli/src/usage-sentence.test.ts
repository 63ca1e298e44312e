import { expect, it } from 'vitest';
import { usageSentence } from './usage-sentence.ts';

it.each([
  ['Nonexistent flag: --capp', 'unknown flag: expected one that the help lists, got --capp. Did you mean --cap?'],
  ['Nonexistent flag: --zzzzzz', 'unknown flag: expected one that the help lists, got --zzzzzz.'],
  ['Unexpected argument: y', 'too many words: expected fewer, got also y.'],
  ['Flag --cap expects a value', '--cap has no value: expected one after it, got nothing.'],
  [
    'Expected tcsh to be one of: bash, zsh',
    'a word is none of those that are known: expected one of bash, zsh, got "tcsh".',
  ],
  [
    'Expected --state=x to be one of: alive, dead',
    '--state is none of those that are known: expected one of alive, dead, got "x".',
  ],
  [
    'The following error occurred:\n  --stderr=true cannot also be provided when using --stdout',
    '--stdout and --stderr exclude each other: expected one of them, got both.',
  ],
  [
    'The following error occurred:\n  All of the following must be provided when using --exit-code: --follow',
    '--exit-code means nothing alone: expected --follow beside it, got --exit-code alone.',
  ],
  ['Something else\nof two lines', 'Something else of two lines.'],
  [
    'Expected \u001b[1m to be one of: a',
    'a word is none of those that are known: expected one of a, got "\\u001b[1m".',
  ],
])('%j becomes %j', (text, words) => {
  expect(usageSentence(text, ['cap', 'json'])).toBe(words);
});
