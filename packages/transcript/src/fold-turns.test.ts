import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTurns } from './fold-turns.ts';
import { lastTurn } from './last-turn.ts';
import { answer, count, prompt, rolloutLine } from './transcripts.test.fixture.ts';
import type { TranscriptAgent, Turn } from './turn.ts';
import type { Checkpoint } from './turn-parser.ts';

const STORY = [
  prompt('u', 1),
  answer('a', { at: 2, parent: 'u', written: { hour: 500 }, output: 1 }),
  prompt('r', 3),
  answer('a', { at: 4, parent: 'r', written: { hour: 500 }, output: 2 }),
  prompt('é'.repeat(40), 5),
  answer('s', { at: 6, read: 9, more: { isSidechain: true } }),
  answer('b', { at: 7, parent: 'r', read: 500 }),
  'garbage \0',
  prompt('v', 8),
  answer('c', { at: 9, parent: 'v', read: 510, written: { five: 7 } }),
  answer('c', { at: 10, parent: 'v', read: 510, written: { five: 7 }, output: 70 }),
];
const CODEX = [
  rolloutLine('session_meta', 0, { source: 'cli' }),
  rolloutLine('turn_context', 1, { model: 'gpt-test' }),
  rolloutLine('response_item', 2, { type: 'message', role: 'user' }),
  count(3, { input: 90, cached: 0, total: 95 }),
  rolloutLine('response_item', 4, { type: 'function_call_output' }),
  rolloutLine('response_item', 5, { type: 'reasoning' }),
  rolloutLine('response_item', 6, { type: 'function_call_output' }),
  count(7, { input: 120, cached: 90, total: 220 }),
  count(8, { input: 120, cached: 90, total: 220 }),
  count(9, { input: 150, cached: 118, total: 375 }),
];

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Somebody who reads a transcript on and on, and remembers what was settled. */
class Reader {
  readonly #agent: TranscriptAgent;
  checkpoint: Checkpoint | undefined;
  #settled = new Map<string, Turn>();
  #pending: readonly Turn[] = [];

  constructor(agent: TranscriptAgent) {
    this.#agent = agent;
  }

  /** @param whole the transcript as far as it has been written */
  read(whole: Buffer): this {
    const fold = foldTurns(this.#agent, this.checkpoint);
    let at = this.checkpoint?.offset ?? 0;
    for (let end = whole.indexOf(0x0a, at); end !== -1; end = whole.indexOf(0x0a, at)) {
      fold.take(whole.toString('utf8', at, end), at);
      at = end + 1;
    }
    const torn = at < whole.length ? whole.toString('utf8', at) : undefined;
    const { settled, pending, checkpoint } = fold.end(at, torn);
    for (const turn of settled) if (!this.#settled.has(turn.id)) this.#settled.set(turn.id, turn);
    this.#pending = pending;
    this.checkpoint = JSON.parse(JSON.stringify(checkpoint));
    return this;
  }

  get turns(): Turn[] {
    return [...this.#settled.values(), ...this.#pending.filter(({ id }) => !this.#settled.has(id))];
  }
}

function turnsIn(lines: readonly string[], agent: TranscriptAgent = 'claude-code'): Turn[] {
  return new Reader(agent).read(Buffer.from(text(lines))).turns;
}

describe('the turns of lines', () => {
  it('are told in their order', () => {
    expect(turnsIn(STORY).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(turnsIn(CODEX, 'codex')).toMatchObject([
      { model: 'gpt-test', tokens: { input: 90, read: 0 } },
      { tokens: { input: 30, read: 90 } },
      { tokens: { input: 32, read: 118 } },
    ]);
  });

  it('end with the one that is read from the end of a file alone', () => {
    const path = join(temporaryDirectory(), 'transcript.jsonl');
    fc.assert(
      fc.property(fc.shuffledSubarray(STORY, { minLength: 1 }), (lines) => {
        writeFileSync(path, text(lines));
        expect(lastTurn(path, 'claude-code')).toEqual(turnsIn(lines).at(-1));
      }),
    );
  });

  it('are the newest where there are more than any conversation has', () => {
    const fold = foldTurns('claude-code');
    for (let i = 0; i < 100_050; i += 1) fold.take(answer(`${i}`, { at: i, read: 5 }), i);
    const { settled, pending } = fold.end(100_050, undefined);
    expect([settled.length < 100_000, settled.at(-1)?.id, pending[0]?.id]).toEqual([true, '100048', '100049']);
  });
});

describe('going on from a checkpoint', () => {
  it.each([
    ['claude-code', STORY],
    ['codex', CODEX],
  ] as const)('tells the same as all lines at once, wherever the writer of %s was', (agent, story) => {
    const whole = Buffer.from(text(story));
    const expected = turnsIn(story, agent);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const reader = new Reader(agent);
        for (const cut of cuts.toSorted((a, b) => a - b)) reader.read(whole.subarray(0, cut));
        expect(reader.read(whole).turns).toEqual(expected);
      }),
    );
  });

  it('begins no earlier than at the last turn', () => {
    const before = text(STORY.slice(0, 8));
    const reader = new Reader('claude-code').read(Buffer.from(text(STORY)));
    expect(reader.checkpoint).toEqual({ offset: Buffer.byteLength(before), tier: '1h' });
  });

  it('begins at the end of what tells nothing', () => {
    const reader = new Reader('claude-code').read(Buffer.from('{}\nx\n'));
    expect(reader.checkpoint?.offset).toBe(5);
    expect(reader.read(Buffer.from(`{}\nx\n${text(STORY)}`)).turns).toHaveLength(3);
  });

  it('remembers of a sub-agent that it is one', () => {
    const side = text([rolloutLine('session_meta', 0, { source: { subagent: 'review' } }), ...CODEX.slice(1)]);
    const reader = new Reader('codex').read(Buffer.from(side));
    const more = side + text([count(20, { input: 900, cached: 3, total: 999 })]);
    expect(reader.read(Buffer.from(more)).turns).toEqual([]);
  });

  it('counts a line that only lacks its end', () => {
    const reader = new Reader('claude-code').read(Buffer.from(text(STORY).slice(0, -1)));
    expect(reader.turns).toEqual(turnsIn(STORY));
    expect(reader.read(Buffer.from(text(STORY))).turns).toEqual(turnsIn(STORY));
  });
});
