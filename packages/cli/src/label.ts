import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';

const LABEL = /^([A-Za-z0-9][A-Za-z0-9._/-]{0,62})=([\s\S]*)$/;
const MAX_VALUE_BYTES = 200;

/** Reads labels as they are typed, `KEY=VALUE`; of a key that comes twice the last one counts. @throws Refusal reason=bad-label */
export function parseLabels(texts: readonly string[]): Map<string, string> {
  return new Map(texts.map(parseLabel));
}

function parseLabel(text: string): [key: string, value: string] {
  const [, key, value] = LABEL.exec(text) ?? [];
  const isClean = value !== undefined && cleanLine(value) === value && Buffer.byteLength(value) <= MAX_VALUE_BYTES;
  if (key !== undefined && isClean) return [key, value];
  throw new Refusal({
    reason: 'bad-label',
    what: '--label is no label',
    expected: `KEY=VALUE: a key of at most 63 letters, digits and . _ / -, a printable value of at most ${MAX_VALUE_BYTES} bytes`,
    got: JSON.stringify(text.slice(0, 80)),
    next: 'Write --label KEY=VALUE',
  });
}
