import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastTurn } from './last-turn.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { type Bookmark, readTurns, turnsOf } from './read-turns.ts';
import { answer, count, prompt, rolloutLine } from './transcripts.test.fixture.ts';
import type { TranscriptAgent, Turn } from './turn.ts';

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

function transcript(content = ''): string {
  const path = join(temporaryDirectory(), 'transcript.jsonl');
  writeFileSync(path, content);
  return path;
}
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Somebody who remembers what was settled, as an index does. */
class Reader {
  readonly #path: string;
  readonly #agent: TranscriptAgent;
  bookmark: Bookmark | undefined;
  #settled = new Map<string, Turn>();
  #pending: readonly Turn[] = [];

  constructor(path: string, agent: TranscriptAgent = 'claude-code') {
    this.#path = path;
    this.#agent = agent;
  }

  read(): string {
    const news = readTurns(this.#path, this.#agent, this.bookmark);
    if (news.kind === 'nothing' || news.kind === 'same') return news.kind;
    if (news.kind === 'anew') this.#settled.clear();
    for (const turn of news.settled) if (!this.#settled.has(turn.id)) this.#settled.set(turn.id, turn);
    this.#pending = news.pending;
    this.bookmark = JSON.parse(JSON.stringify(news.bookmark));
    return news.kind;
  }

  get turns(): Turn[] {
    return [...this.#settled.values(), ...this.#pending.filter(({ id }) => !this.#settled.has(id))];
  }
}

describe('all turns of a transcript', () => {
  it('are told in their order', () => {
    expect(turnsOf(transcript(text(STORY)), 'claude-code').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(turnsOf(transcript(text(CODEX)), 'codex')).toMatchObject([
      { model: 'gpt-test', tokens: { input: 90, read: 0 } },
      { tokens: { input: 30, read: 90 } },
      { tokens: { input: 32, read: 118 } },
    ]);
  });

  it('end with the one that is read from the end alone', () => {
    const story = fc.shuffledSubarray(STORY, { minLength: 1 });
    const path = transcript();
    fc.assert(
      fc.property(story, (lines) => {
        writeFileSync(path, text(lines));
        expect(lastTurn(path, 'claude-code')).toEqual(turnsOf(path, 'claude-code').at(-1));
      }),
    );
  });

  it('are none of what cannot be read', () => {
    expect(turnsOf('/nowhere', 'claude-code')).toEqual([]);
    expect(turnsOf(temporaryDirectory(), 'claude-code')).toEqual([]);
  });

  it('are found around lines of any length', () => {
    const long = `${'x'.repeat(MAX_LINE_BYTES + 9)}\n`;
    const path = transcript(text(STORY.slice(0, 4)) + long + text(STORY.slice(4)) + long.slice(1));
    expect(turnsOf(path, 'claude-code')).toEqual(turnsOf(transcript(text(STORY)), 'claude-code'));
  });
});

describe('reading on', () => {
  it.each([
    ['claude-code', STORY],
    ['codex', CODEX],
  ] as const)('tells the same as reading at once, wherever the writer of %s was', (agent, story) => {
    const whole = Buffer.from(text(story));
    const path = transcript(whole.toString());
    const expected = turnsOf(path, agent);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        writeFileSync(path, '');
        const reader = new Reader(path, agent);
        let at = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), whole.length]) {
          appendFileSync(path, whole.subarray(at, cut));
          at = cut;
          reader.read();
        }
        expect(reader.turns).toEqual(expected);
      }),
    );
  });

  it('says so when nothing has changed', () => {
    const reader = new Reader(transcript(text(STORY)));
    expect([reader.read(), reader.read(), reader.read()]).toEqual(['anew', 'same', 'same']);
  });

  it('begins no earlier than at the last turn', () => {
    const before = text(STORY.slice(0, 8));
    const reader = new Reader(transcript(before + text(STORY.slice(8))));
    reader.read();
    expect(reader.bookmark?.checkpoint).toEqual({ offset: Buffer.byteLength(before), tier: '1h' });
  });

  it('goes on from the end of what tells nothing', () => {
    const path = transcript(text(['{}', 'x']));
    const reader = new Reader(path);
    reader.read();
    expect(reader.bookmark?.checkpoint.offset).toBe(5);
    appendFileSync(path, text(STORY));
    expect(reader.read()).toBe('more');
    expect(reader.turns).toHaveLength(3);
  });

  it.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 700)],
    ['emptied', (path) => truncateSync(path, 0)],
    [
      'put in the place of another',
      (path) => {
        writeFileSync(`${path}.new`, text([...STORY, answer('n', { at: 60, read: 3 })]));
        renameSync(`${path}.new`, path);
      },
    ],
    ['written anew and longer', (path) => writeFileSync(path, text([prompt('other', 0), ...STORY, ...STORY]))],
  ])('starts over after a file was %s', (_, change) => {
    const path = transcript(text(STORY));
    const reader = new Reader(path);
    reader.read();
    change(path);
    expect(reader.read()).toBe('anew');
    expect(reader.turns).toEqual(turnsOf(path, 'claude-code'));
  });

  it('says so when there is nothing to be read any more', () => {
    const path = transcript(text(STORY));
    const reader = new Reader(path);
    reader.read();
    rmSync(path);
    expect(reader.read()).toBe('nothing');
    mkdirSync(path);
    expect(reader.read()).toBe('nothing');
  });

  it('remembers of a sub-agent that it is one', () => {
    const meta = rolloutLine('session_meta', 0, { source: { subagent: 'review' } });
    const path = transcript(text([meta, ...CODEX.slice(1)]));
    const reader = new Reader(path, 'codex');
    reader.read();
    appendFileSync(path, text([count(20, { input: 900, cached: 3, total: 999 })]));
    expect([reader.read(), reader.turns]).toEqual(['more', []]);
  });
});
