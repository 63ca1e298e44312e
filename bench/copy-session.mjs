// Many sessions out of one that has finished, for benchmarks of what looks at all of them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Copies a session's files, without its lifeline, under ids that are a minute apart; gives the ids, newest first. */
export function copySession(original, count) {
  const [id, parent] = [basename(original), dirname(original)];
  const names = readdirSync(original, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));
  const files = names.map((name) => [name, readFileSync(join(original, name), 'utf8')]);
  const copies = Array.from({ length: count }, (_, i) => idAt(Date.now() - (i + 1) * 60_000));
  for (const copy of copies) {
    mkdirSync(join(parent, copy), { mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(parent, copy, name), text.replaceAll(id, copy));
  }
  return copies;
}

/** An id of that time, in milliseconds since the epoch. */
function idAt(time) {
  let id = '';
  for (let rest = time, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) id = ALPHABET.charAt(rest % 32) + id;
  return id + Array.from({ length: 16 }, () => ALPHABET.charAt(Math.floor(Math.random() * 32))).join('');
}
