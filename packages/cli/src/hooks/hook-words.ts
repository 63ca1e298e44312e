import { Refusal } from '@csa/session';

/** More is a mistake: each may take a minute, one after the other. */
export const MAX_HOOKS = 16;

/** The shell commands of --on-exit, in the order given. @throws Refusal reason=bad-hook */
export function parseHooks(texts: readonly string[]): readonly string[] {
  if (texts.length > MAX_HOOKS) {
    throw refusal(`at most ${MAX_HOOKS} commands`, `${texts.length}`, 'Put them into one script');
  }
  const bad = texts.find((text) => !isHook(text));
  if (bad === undefined) return texts;
  const got = bad.includes('\0') ? 'one with a NUL character' : 'an empty word';
  throw refusal('a line for sh -c', got, "Write --on-exit 'COMMAND'");
}

/** A line that a shell can be given. */
export function isHook(text: string): boolean {
  return text.trim() !== '' && !text.includes('\0');
}

/** What was typed is not repeated: a hook may hold a secret. */
function refusal(expected: string, got: string, next: string): Refusal {
  return new Refusal({ reason: 'bad-hook', what: '--on-exit is no command', expected, got, next });
}
