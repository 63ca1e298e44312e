import fc from 'fast-check';

const PIECES = [
  ...['<!--', '<!-', '<', '!', '-', '--', '<!-- CSA:', '<!-- CSA:A k=1 -->', 'CSA:', 'csa:', 'C', 'S', 'A', ':', '-->'],
  ...[' ', '\t', '\n', '\r', '\v', '\f', '\u00a0', '\u0085', '\u2028', '\u2029'],
  ...['\u001b', '\u001b[', '\u001b[31m', '\u001b[ ', '\u001b]', '\u001b]0;t\u0007', '\u001bP', '\u001b\\', '\u001bc'],
  ...['\u009b', '\u009d', '\u0090', '\u009c', '\u0007', '\0', '\u007f', '[', ']', '0;', 'm'],
  ...['\u200b', '\u200d', '\ufeff', '\u2060', '\u202e', '\u2066', '\u200f', '\u061c', '\u{e0043}', '\ud800', '\udc00'],
  ...['ü', '🎉', 'word'],
];

/** Texts out of the pieces that a marker, an escape sequence and their disguises are made of. */
export function hostileText(): fc.Arbitrary<string> {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 16 }).map((parts) => parts.join(''));
  return fc.oneof({ arbitrary: pieces, weight: 4 }, disguisedMarker(), fc.string({ unit: 'binary', maxLength: 30 }));
}

/** A marker with up to two pieces after each of its characters. */
function disguisedMarker(): fc.Arbitrary<string> {
  const characters = [...'<!-- CSA:A -->'];
  const gaps = fc.array(fc.array(fc.constantFrom(...PIECES), { maxLength: 2 }), {
    minLength: characters.length,
    maxLength: characters.length,
  });
  const sparse = fc.tuple(gaps, fc.array(fc.boolean(), { minLength: characters.length, maxLength: characters.length }));
  return sparse.map(([all, chosen]) =>
    characters.map((character, index) => character + (chosen[index] ? (all[index] ?? []).join('') : '')).join(''),
  );
}
