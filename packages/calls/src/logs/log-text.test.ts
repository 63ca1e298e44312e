import { cleanText } from '@csa/markers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE } from './line-cutter.ts';
import { LinePattern } from './line-pattern.ts';
import { LogPrinter } from './log-printer.ts';
import { CleanText, type LogText, RawText, readLines, SelectedText } from './log-text.ts';
import { type Criteria, Selection } from './selection.ts';

const HOSTILE = [
  'a',
  'b',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '\u001b[31m',
  '\u001b',
  '[',
  '<',
  '!',
  '-',
  'C',
  'SA:',
  'csa:',
  '\u200b',
  '\0',
  '\u001b]0;x\u0007',
  'é',
];
const hostileText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...HOSTILE), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('<', '!', '-', '-', '\n', ' ', 'CSA:', '\u001b[m', 'x'), maxLength: 30 }),
);
const sizes = fc.array(fc.nat(4), { maxLength: 20 });

/** What is printed of bytes that come in pieces of these sizes. */
async function printed(text: LogText, bytes: Buffer, pieces: readonly number[], raw = false): Promise<Buffer> {
  const written: Buffer[] = [];
  const outlet = async (some: Buffer) => written.push(some) > 0;
  const printer = new LogPrinter({ outlet, raw, titled: false });
  let at = 0;
  for (const size of [...pieces, bytes.length]) {
    await printer.print('stdout.log', text.take(bytes.subarray(at, at + size)));
    at += size;
  }
  await printer.print('stdout.log', text.rest());
  await printer.endLine();
  return Buffer.concat(written);
}

function selected(criteria: Criteria, raw = false): SelectedText {
  return new SelectedText(new Selection(criteria), raw);
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

describe('a line that has only begun', () => {
  const live = () => new CleanText({ keepsLastState: true });
  const begunOf = (text: LogText, bytes: string, isQuiet: boolean): string => {
    text.take(Buffer.from(bytes));
    return text.begun(isQuiet);
  };

  it('is shown when nothing has come for a while, then at once until it ends', () => {
    const text = live();
    expect(begunOf(text, 'a\nDo', false)).toBe('');
    expect(text.begun(true)).toBe('Do');
    expect(begunOf(text, 'ne? ', false)).toBe('Done? ');
    expect(begunOf(text, 'yes\nnext', false)).toBe('');
    expect(text.rest()).toBe('next');
  });

  it('is what stands there by now where it is drawn over', () => {
    const text = live();
    expect(begunOf(text, '\r10%\r20%', false)).toBe('10%');
    expect(text.begun(true)).toBe('20%');
    expect(text.take(Buffer.from('\r30%\nx\n')).toString()).toBe('30%\nx\n');
    expect(text.begun(true)).toBe('');
  });

  it('is clean, on one line, and of bounded length', () => {
    for (const hostile of ['\u001b[2J<!-- CSA:X -->\u202e', '\u001b]0;x\u0007\ta\tb']) {
      expect(begunOf(live(), hostile, true)).not.toMatch(/[\p{Cc}\u202e]|<!-- CSA:/u);
    }
    expect(begunOf(live(), 'x'.repeat(50_000), true).length).toBeLessThanOrEqual(1_000);
  });

  it('is left out where it is not looked for, or raw', () => {
    const matching = selected({ pattern: new LinePattern('^Name') });
    expect(begunOf(matching, 'Na', true)).toBe('');
    expect(begunOf(matching, 'me: ', true)).toBe('Name: ');
    expect(begunOf(new RawText(), 'x', true)).toBe('');
  });
});

describe('cleaned text', () => {
  it('is the same as if it were cleaned at once, whatever the pieces are', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, sizes, async (text, pieces) => {
        const clean = await printed(new CleanText(), Buffer.from(text), pieces);
        expect(clean.toString()).toBe(ended(cleanText(text)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows no marker where a long line is cut, nor where lines were left out', async () => {
    const marker = '<!-- CSA:X -->';
    for (let pad = MAX_LINE - marker.length; pad <= MAX_LINE; pad += 1) {
      const clean = await printed(new CleanText(), Buffer.from(`${'x'.repeat(pad)}${marker}\n`), []);
      expect(clean.toString()).toBe(`${'x'.repeat(pad)}<!- - CSA:X -->\n`);
    }
    const between = Buffer.from('<!--\nleft out\nCSA:X -->\n');
    const clean = await printed(selected({ pattern: new LinePattern('<!--|CSA') }), between, []);
    expect(clean.toString()).toBe('<!- -\nCSA:X -->\n');
  });

  it('may be kept waiting, but not for ever', () => {
    const text = new CleanText();
    expect(text.take(Buffer.from('done\nContinue? '))).toBe('done\n');
    expect(text.idle()).toBe('Continue? ');
    expect([text.take(Buffer.from('yes\n')), text.idle(), text.rest()]).toEqual(['yes\n', '', '']);
  });
});

it('raw text is the bytes as they are', async () => {
  const bytes = Buffer.from([0xff, 0x00, 0x1b, 0x5b, 0x0a, 0xc3]);
  expect(await printed(new RawText(), bytes, [1, 2], true)).toEqual(bytes);
});

describe('selected text', () => {
  it('is the lines that match, whatever the pieces are', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText,
        sizes,
        fc.constantFrom('a', '^b', '<', 'é$', '^$'),
        async (text, pieces, source) => {
          const bytes = await printed(selected({ pattern: new LinePattern(source) }), Buffer.from(text), pieces);
          const lines = ended(cleanText(text)).split('\n').slice(0, -1);
          // Lines that are put together may make a marker, which is taken apart then.
          const wanted = lines.filter((line) => new RegExp(source).test(line)).map((line) => `${line}\n`);
          expect(bytes.toString()).toBe(cleanText(wanted.join('')));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('raw, keeps the bytes of a line that matches as text', async () => {
    const bytes = Buffer.concat([Buffer.from('né\u001b[1m\n'), Buffer.from([0xff, 0x0a])]);
    const match = await printed(selected({ pattern: new LinePattern('é\\u001b') }, true), bytes, [2], true);
    expect(match.toString()).toBe('né\u001b[1m\n');
    expect(await printed(selected({ pattern: new LinePattern('^\\ufffd$') }, true), bytes, [], true)).toEqual(
      Buffer.from([0xff, 0x0a]),
    );
  });

  it('goes on with a line that was shown before its end, and waits with one that does not match yet', () => {
    const text = selected({ pattern: new LinePattern('Name|late') });
    text.take(Buffer.from('Name: '));
    expect([text.idle(), text.take(Buffer.from('Ann')), text.idle()]).toEqual(['Name: ', '', 'Ann']);
    expect(text.take(Buffer.from('a\nother'))).toBe('a\n');
    expect(text.idle()).toBe('');
    expect(text.take(Buffer.from(' is late\n'))).toBe('other is late\n');
    expect(text.take(Buffer.from('other\n'))).toBe('');
  });

  it('takes a line that is too long for several', async () => {
    const line = `${'x'.repeat(MAX_LINE)}needle${'y'.repeat(MAX_LINE)}\n`;
    const bytes = await printed(selected({ pattern: new LinePattern('needle') }), Buffer.from(line), [70_000]);
    expect(bytes.toString()).toBe(`needle${'y'.repeat(MAX_LINE - 6)}\n`);
  });
});

it('lines are read for counting as they are selected for printing', () => {
  const blocks = [Buffer.from('a\u001b[1mb\r'), Buffer.from('c\n\nd')];
  expect([...readLines(blocks, false)].flat()).toEqual(['ab', 'c', '', 'd']);
  expect([...readLines(blocks, true)].flat()).toEqual(['a\u001b[1mb\rc', '', 'd']);
});
