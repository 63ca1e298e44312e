import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES, parseJournalLine, sealLine, toldLines } from './journal-lines.ts';

function split(bytes: Buffer, cuts: readonly number[]): string[] {
  const splitter = new LineSplitter();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.flatMap((edge, i) => splitter.take(bytes.subarray(edge, edges[i + 1] ?? bytes.length)));
}

describe('lines', () => {
  it('are the same however the bytes come in pieces', () => {
    const texts = fc.array(fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\n', '')));
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        expect(split(bytes, cuts)).toEqual(lines.filter((line) => line !== ''));
      }),
    );
  });

  it('wait for their end', () => {
    const splitter = new LineSplitter();
    expect(splitter.take(Buffer.from('{"id":'))).toEqual([]);
    expect(splitter.take(Buffer.from('"a"}'))).toEqual([]);
    expect(splitter.take(Buffer.from('\n'))).toEqual(['{"id":"a"}']);
  });

  it('keep their text when the buffer that they came in is filled anew', () => {
    const splitter = new LineSplitter();
    const buffer = Buffer.from('ab');
    splitter.take(buffer);
    buffer.fill('x');
    expect(splitter.take(Buffer.from('c\n'))).toEqual(['abc']);
  });

  it('that are too long are garbage, and the next one is not', () => {
    const splitter = new LineSplitter();
    const long = Buffer.alloc(MAX_LINE_BYTES, 'x');
    expect([...splitter.take(long), ...splitter.take(long)]).toEqual([]);
    const [garbage, next] = splitter.take(Buffer.from('\n{"id":"a"}\n'));
    expect([parseJournalLine(garbage ?? ''), next]).toEqual([{ kind: 'garbage' }, '{"id":"a"}']);
  });
});

describe('a line', () => {
  it.each([
    ['{"id":"a"}', { kind: 'entry', value: { id: 'a' } }],
    [sealLine(), { kind: 'sealed' }],
    ['{"journal":"told","ids":["a","b"]}', { kind: 'told', ids: ['a', 'b'] }],
    ['{"journal":"told","ids":[1]}', { kind: 'garbage' }],
    ['{"journal":"told"}', { kind: 'garbage' }],
    ['{"journal":"other"}', { kind: 'garbage' }],
    ['[]', { kind: 'garbage' }],
    ['null', { kind: 'garbage' }],
    ['7', { kind: 'garbage' }],
    ['{"id":"a"}{"id":"b"}', { kind: 'garbage' }],
    ['\u0000\u0000', { kind: 'garbage' }],
  ])('%s is %j', (text, line) => {
    expect(parseJournalLine(text)).toEqual(line);
  });

  it('of any text is read without a throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseJournalLine(text).kind !== undefined));
  });

  it('cut anywhere is garbage', () => {
    const whole = JSON.stringify({ id: 'a', text: 'é"}\\' });
    for (let end = 1; end < whole.length; end += 1) {
      expect(parseJournalLine(whole.slice(0, end)).kind).toBe('garbage');
    }
  });

  it('remembers ids, however many, in lines of a bounded length', () => {
    const ids = Array.from({ length: 1_201 }, (_, i) => `01M0F77JH0BVPHYFAVF40A3GZ5.output-idle.${i}`);
    const lines = toldLines(ids);
    const told = lines.map(parseJournalLine).flatMap((line) => (line.kind === 'told' ? line.ids : []));
    expect(told).toEqual(ids);
    for (const line of lines) expect(line.length).toBeLessThan(MAX_LINE_BYTES);
  });
});
