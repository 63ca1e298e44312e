import { parseDuration } from '@csa/calls';
import { Refusal } from '@csa/session';
import { subcommandsOf } from '../../command-words.ts';
import { isDurationWord } from './duration-word.ts';

/** What the words of `session warm on` name: a session, a time, either of them in either order, or none. */
export interface OnWords {
  readonly id?: string;
  /** Milliseconds. */
  readonly durationMs?: number;
}

const DURATION_RANGE = { name: 'the duration', minMs: 1_000, maxMs: 7 * 86_400_000 };
/** Crockford's letters: those of an id. */
const ID = /^[0-9A-HJKMNP-TV-Z]{1,26}$/i;
/** @throws Refusal reason=usage | bad-duration | out-of-range */
export function readOnWords(words: readonly string[]): OnWords {
  const read: { id?: string; durationMs?: number } = {};
  for (const word of words) {
    if (isDurationWord(word)) {
      if (read.durationMs !== undefined) throw twice('one duration', words);
      read.durationMs = parseDuration(word, DURATION_RANGE);
    } else {
      if (read.id !== undefined) throw twice('one session', words);
      read.id = checkedId(word);
    }
  }
  return read;
}

function checkedId(word: string): string {
  if (ID.test(word)) return word;
  const isCommand = subcommandsOf('session warm').includes(word);
  throw new Refusal({
    reason: 'usage',
    what: 'the word is neither a session nor a duration',
    expected: 'an id or its beginning (01M0F77J), or a time like 90s, 30m, 1h30m',
    got: JSON.stringify(word.slice(0, 40)),
    next: isCommand ? `Write csa session warm ${word}` : 'Write one of the examples',
    command: ['session', 'warm', 'on', '--help'],
  });
}

function twice(expected: string, words: readonly string[]): Refusal {
  return new Refusal({
    reason: 'usage',
    what: 'the command line contradicts itself',
    expected,
    got: words.map((word) => word.slice(0, 40)).join(' and '),
    next: 'Leave one of them out',
  });
}
