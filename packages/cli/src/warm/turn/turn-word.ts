import { nearest } from '@csa/calls';
import { Refusal } from '@csa/session';
import { subcommandsOf } from '../../command-words.ts';

/** Shorter ones are close to everything. */
const LEAST_LETTERS = 3;
/** Letters that stand in no id. */
const NO_ID = /[^0-9A-HJKMNP-TV-Z]/i;

/** A word that is no id, and was probably meant as a command below `session warm`. @throws Refusal reason=unknown-command */
export function refuseMisspelt(word: string | undefined): void {
  if (word === undefined || !NO_ID.test(word)) return;
  const known = subcommandsOf('session warm');
  const meant = known.includes(word) || word.length >= LEAST_LETTERS ? nearest(word, known) : undefined;
  if (meant === undefined) return;
  throw new Refusal({
    reason: 'unknown-command',
    what: 'the word is no session id',
    expected: `an id, or right after warm one of ${known.join(', ')}`,
    got: JSON.stringify(word.slice(0, 40)),
    next: `Did you mean csa session warm ${meant}?`,
    command: ['session', 'warm', meant, '--help'],
  });
}
