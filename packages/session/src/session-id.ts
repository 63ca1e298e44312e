import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** A ULID: 26 characters of Crockford's base32, upper case; the first ten are milliseconds since the epoch. */
export type SessionId = string & { readonly __sessionId: unique symbol };

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
// The first character carries only three bits: a larger one would not fit into 128 bits.
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
// In both cases, and tested before the case is changed: some letters outside of ASCII have an upper case inside of it.
const PREFIX = /^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{1,26}$/;
const TIME_CHARACTERS = 10;

export function isSessionId(text: string): text is SessionId {
  return ULID.test(text);
}

/** Makes an id for `now` (milliseconds since the epoch). */
export function newSessionId(now: number = Date.now()): SessionId {
  let time = '';
  for (let rest = now, i = 0; i < TIME_CHARACTERS; i += 1, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  // 256 is a multiple of 32: the low five bits of a random byte are uniform.
  const tail = Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte & 31)).join('');
  return (time + tail) as SessionId;
}

/** When the id was made, in milliseconds since the epoch. */
export function sessionIdTime(id: SessionId): number {
  let time = 0;
  for (const character of id.slice(0, TIME_CHARACTERS)) time = time * 32 + ALPHABET.indexOf(character);
  return time;
}

/**
 * Reads what a user typed as an id or the beginning of one. It is never a path: anything outside the alphabet is
 * refused before any path is built.
 * @throws Refusal reason=invalid-id
 */
export function parseIdOrPrefix(text: string): string {
  const upper = text.toUpperCase();
  if (PREFIX.test(text) && (upper.length < 26 || ULID.test(upper))) return upper;
  throw new Refusal({
    reason: 'invalid-id',
    what: 'not a session id',
    expected: 'a ULID of 26 characters (0-9, A-Z without I, L, O, U) or its beginning',
    got: text === '' ? 'an empty word' : JSON.stringify(text.slice(0, 80)),
    next: 'Pick an id from the list of sessions',
    command: ['session', 'list'],
  });
}
