import { cleanLine, cleanText } from '@csa/markers';

/** A line that stays (` `), goes (`-`) or comes (`+`). */
interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines that stay are shown around a change, so many on each side. */
const CONTEXT = 2;
/** Characters of a line that are shown. */
const MAX_WIDTH = 240;
/** Values of the user's that are nobody's business; the lines around ours may hold them. */
const SECRET = /((?:key|token|secret|passw|auth|credential)[\w-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)+"|'[^']+')/gi;

/**
 * What changes from one text to another, as lines of a unified diff; none where nothing does. Secrets on lines that were
 * there before are not shown, long lines are cut, and there is nothing in them that a terminal would obey.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string[] {
  if (before === after) return [];
  const lines = compare(linesOf(before), linesOf(after));
  const name = cleanLine(path);
  const head = [`--- ${before === undefined ? '/dev/null' : name}`, `+++ ${after === undefined ? '/dev/null' : name}`];
  return [...head, ...hunks(lines).flatMap((hunk) => render(lines, hunk))];
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push('\\ No newline at end of file');
  return lines;
}

/** What both begin and end with stays; in between the shortest way by Myers. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  const start = countSame(before, after);
  const end = countSame(before.slice(start).toReversed(), after.slice(start).toReversed());
  const stay = (lines: readonly string[]): Line[] => lines.map((text) => ({ mark: ' ', text }));
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...stay(before.slice(0, start)), ...middle, ...stay(before.slice(before.length - end))];
}

function countSame(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((line, index) => line !== b[index]);
  return different === -1 ? Math.min(a.length, b.length) : different;
}

/** E. W. Myers, An O(ND) Difference Algorithm and Its Variations: the furthest point on each diagonal, step by step. */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  const furthest = new Map([[1, 0]]);
  for (let steps = 0; steps <= before.length + after.length; steps += 1) {
    trace.push(new Map(furthest));
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = nextStart(furthest, diagonal, steps);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after);
    }
  }
  return [];
}

function nextStart(furthest: ReadonlyMap<number, number>, diagonal: number, steps: number): number {
  const below = furthest.get(diagonal + 1) ?? -1;
  const beside = furthest.get(diagonal - 1) ?? -1;
  return diagonal === -steps || (diagonal !== steps && beside < below) ? below : beside + 1;
}

function walkBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  for (let steps = trace.length - 1; steps >= 0; steps -= 1) {
    const furthest = trace[steps] ?? new Map();
    const start = nextStart(furthest, x - y, steps);
    const isDown =
      start === (furthest.get(x - y + 1) ?? -1) &&
      (x - y === -steps || (x - y !== steps && (furthest.get(x - y - 1) ?? -1) < start));
    while (x > start && y > start - (x - y)) {
      x -= 1;
      y -= 1;
      lines.push({ mark: ' ', text: before[x] ?? '' });
    }
    if (steps === 0) break;
    if (isDown) {
      y -= 1;
      lines.push({ mark: '+', text: after[y] ?? '' });
    } else {
      x -= 1;
      lines.push({ mark: '-', text: before[x] ?? '' });
    }
  }
  return lines.toReversed();
}

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/** Changes with few lines between them are shown together. */
function hunks(lines: readonly Line[]): Hunk[] {
  const all: Hunk[] = [];
  for (const [index, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = all.at(-1);
    if (last !== undefined && from <= last.to) all[all.length - 1] = { from: last.from, to };
    else all.push({ from, to });
  }
  return all;
}

function render(lines: readonly Line[], { from, to }: Hunk): string[] {
  const shown = lines.slice(from, to);
  const count = (some: readonly Line[], without: string): number => some.filter(({ mark }) => mark !== without).length;
  const range = (without: string): string => {
    const length = count(shown, without);
    return `${count(lines.slice(0, from), without) + (length === 0 ? 0 : 1)},${length}`;
  };
  return [`@@ -${range('+')} +${range('-')} @@`, ...shown.map(renderLine)];
}

function renderLine({ mark, text }: Line): string {
  if (text.startsWith('\\ ')) return text;
  const bare = cleanText(text.replaceAll('\r', '')).replace(SECRET, '$1"…"');
  return `${mark}${bare.length > MAX_WIDTH ? `${bare.slice(0, MAX_WIDTH)}…` : bare}`;
}
