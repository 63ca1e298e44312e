import { Refusal } from '@csa/session';
import { isCommand, MAX_COMMANDS } from '../config/value-form.ts';

/** The shell commands of --on-exit, in the order given. @throws Refusal reason=bad-hook */
export function parseHooks(texts: readonly string[]): readonly string[] {
  if (texts.length > MAX_COMMANDS) {
    throw refusal(`at most ${MAX_COMMANDS} commands`, `${texts.length}`, 'Put them into one script');
  }
  const bad = texts.find((text) => !isCommand(text));
  if (bad === undefined) return texts;
  const got = bad.includes('\0') ? 'one with a NUL character' : bad.trim() === '' ? 'an empty word' : 'a longer one';
  throw refusal('a line for sh -c, of at most 8,192 characters', got, "Write --on-exit 'COMMAND'");
}

/** What was typed is not repeated: a hook may hold a secret. */
function refusal(expected: string, got: string, next: string): Refusal {
  return new Refusal({ reason: 'bad-hook', what: '--on-exit is no command', expected, got, next });
}
