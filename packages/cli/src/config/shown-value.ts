import { cleanLine } from '@csa/markers';
import type { Setting } from './effective.ts';

const MAX_SHOWN_BYTES = 400;

/** A value as a person would write it in TOML. Without `reveal` a command shows its first word alone: the rest may be secret. */
export function shownValue(value: unknown, shown: Setting['shown'], reveal: boolean): string {
  const safe = safeValue(value, shown, reveal);
  if (safe === null) return '-';
  return cleanLine(JSON.stringify(safe), MAX_SHOWN_BYTES);
}

/** The same for a document: `null` where nothing is set. */
export function safeValue(value: unknown, shown: Setting['shown'], reveal: boolean): unknown {
  if (value === undefined) return null;
  if (shown === 'plainly' || reveal) return value;
  return (value as readonly string[]).map(firstWord);
}

/** An assignment in front of a command (`TOKEN=... notify`) shows its name alone. */
function firstWord(command: string): string {
  const text = command.trim();
  const name = /^(\w+)=/.exec(text)?.[1];
  if (name !== undefined) return `${name}=…`;
  // Whatever a shell would not take for one plain word may hold the secret.
  const [word = ''] = /^[\w./~+-]*/.exec(text) ?? [];
  return word === text ? word : `${word} …`.trimStart();
}
