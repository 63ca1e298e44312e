/** How different a word may be from the one that it was meant for. */
const MAX_DISTANCE = 2;

/** The known word that was probably meant: one that begins so, or the least different one. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word === '') return undefined;
  const begun = known.find((candidate) => candidate.startsWith(word));
  if (begun !== undefined) return begun;
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word, candidate) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= MAX_DISTANCE ? best.candidate : undefined;
}

/** Levenshtein's: how many characters must be changed, added or removed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
