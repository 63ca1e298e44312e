import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const MAX_VALUE_BYTES = 200;
const MAX_LABELS = 32;
const MAX_SHOWN_BYTES = 80;

/**
 * Reads what `--label` gave, each KEY=VALUE; a value may be empty.
 * @throws Refusal reason=bad-label, also for a key that is there twice
 */
export function parseLabels(texts: readonly string[]): ReadonlyMap<string, string> {
  if (texts.length > MAX_LABELS) throw bad('too many labels', `at most ${MAX_LABELS}`, String(texts.length));
  const labels = new Map<string, string>();
  for (const text of texts) {
    const [key, value] = parseLabel(text);
    if (labels.has(key)) throw bad('a label is there twice', 'each key once', key);
    labels.set(key, value);
  }
  return labels;
}

function parseLabel(text: string): [key: string, value: string] {
  const at = text.indexOf('=');
  if (at === -1) throw bad('--label has no value', 'KEY=VALUE, where VALUE may be empty', shown(text));
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  if (!KEY.test(key)) {
    throw bad('--label has no key', '1 to 63 letters, digits and . _ / -, a letter or digit first', shown(key));
  }
  if (cleanLine(value, MAX_VALUE_BYTES) !== value) {
    const expected = `one printable line of at most ${MAX_VALUE_BYTES} bytes, without blanks around it`;
    throw bad(`the value of the label ${key} cannot be kept`, expected, shown(value));
  }
  return [key, value];
}

function bad(what: string, expected: string, got: string): Refusal {
  return new Refusal({ reason: 'bad-label', what, expected, got, next: 'Write --label KEY=VALUE' });
}

function shown(text: string): string {
  return JSON.stringify(cleanLine(text, MAX_SHOWN_BYTES));
}
