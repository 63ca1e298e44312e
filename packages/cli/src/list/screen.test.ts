import { describe, expect, it } from 'vitest';
import { Screen, visibleOf } from './screen.ts';

/** A terminal of so many columns that knows only what a screen writes; broken lines take rows of their own. */
class Paper {
  rows: string[] = [];

  write(text: string): void {
    const up = Number(/^\u001b\[(\d+)A/.exec(text)?.[1] ?? 0);
    const rest = text.replace(/^\u001b\[\d+A/, '');
    expect(rest.startsWith('\r\u001b[J')).toBe(true);
    this.rows = [
      ...this.rows.slice(0, Math.max(0, this.rows.length - up)),
      ...rest.slice(4).split('\r\n').slice(0, -1),
    ];
  }

  /** As terminals do that break lines anew. */
  narrow(columns: number): void {
    this.rows = this.rows.flatMap((row) => row.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
  }
}

describe('a drawing', () => {
  it.each([
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
    [['a', 'b', 'c'], ['d']],
    [['a'], ['b', 'c', 'd']],
    [['a'], []],
    [[], ['a']],
    [
      ['', ''],
      ['', 'a'],
    ],
  ])('%j is replaced by %j, and what stood above stays', (first, second) => {
    const paper = new Paper();
    paper.rows = ['$ before'];
    const screen = new Screen();
    paper.write(screen.replace(first, 80));
    expect(paper.rows).toEqual(['$ before', ...first]);
    paper.write(screen.replace(second, 80));
    expect(paper.rows).toEqual(['$ before', ...second]);
  });

  it.each([10, 7, 5, 4, 1])('is found again on a terminal that has become %i columns wide', (columns) => {
    const paper = new Paper();
    paper.rows = ['$'];
    const screen = new Screen();
    paper.write(screen.replace(['0123456789', 'abc', ''], 10));
    paper.narrow(columns);
    paper.write(screen.replace(['x'], columns));
    expect(paper.rows).toEqual(['$', 'x']);
  });

  it('counts no columns for colours', () => {
    const screen = new Screen();
    screen.replace(['\u001b[32mgreen\u001b[39m'], 5);
    expect(screen.replace([], 5)).toBe('\u001b[1A\r\u001b[J');
  });
});

describe('what is visible', () => {
  it.each([
    [0, 24, 0],
    [22, 24, 22],
    [23, 24, 21],
    [1000, 24, 21],
    [1, 3, 1],
    [2, 3, 1],
    [5, 1, 1],
  ])('of %i lines on %i rows is %i', (count, rows, visible) => {
    expect(visibleOf(count, rows)).toBe(visible);
  });

  it('leaves room for a header, a note and the cursor', () => {
    for (let rows = 4; rows < 60; rows += 1) {
      for (let count = 0; count < 80; count += 1) {
        const visible = visibleOf(count, rows);
        const note = visible < count ? 1 : 0;
        expect(1 + visible + note + 1).toBeLessThanOrEqual(rows);
      }
    }
  });
});
