import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import type { TranscriptAgent } from '@csa/transcript';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toldTurn } from './told-turn.ts';
import { TurnIndex } from './turn-index.ts';
import { turnsOf } from './turn-lines.ts';

const timestamp = (at: number): string => new Date(1.77e12 + at * 1_000).toISOString();
const asked = (uuid: string, at: number): string =>
  `${JSON.stringify({ type: 'user', uuid, timestamp: timestamp(at), text: 'é' })}\n`;

function answered(id: string, at: number, parentUuid: string, output = 7): string {
  const usage = { cache_read_input_tokens: 900, cache_creation_input_tokens: 5, output_tokens: output };
  const message = { id, model: 'claude-test-1', usage };
  return `${JSON.stringify({ type: 'assistant', parentUuid, message, timestamp: timestamp(at) })}\n`;
}

function counted(at: number, prompt: number, total: number): string {
  const info = {
    last_token_usage: { input_tokens: prompt, cached_input_tokens: 8 },
    total_token_usage: { total_tokens: total },
  };
  return `${JSON.stringify({ timestamp: timestamp(at), type: 'event_msg', payload: { type: 'token_count', info } })}\n`;
}

const STORIES: Readonly<Record<TranscriptAgent, string>> = {
  'claude-code': [
    asked('u', 1),
    answered('a', 2, 'u', 1),
    asked('r', 3),
    answered('a', 4, 'r', 9),
    'garbage\n',
    asked('v', 5),
    answered('b', 6, 'v'),
    answered('a', 7, 'v'),
    answered('c', 8, 'v'),
  ].join(''),
  codex: [counted(1, 90, 95), 'garbage\n', counted(2, 120, 220), counted(3, 120, 220), counted(4, 150, 375)].join(''),
};

class World {
  readonly #directory = temporaryDirectory();
  readonly path: string = join(this.#directory, 'transcript.jsonl');
  readonly agent: TranscriptAgent;

  constructor(agent: TranscriptAgent = 'claude-code') {
    this.agent = agent;
    writeFileSync(this.path, '');
  }

  /** As another report asks. */
  read(): unknown {
    const index = new TurnIndex(join(this.#directory, 'report'));
    return index.conversation({ path: this.path, agent: this.agent, writtenAt: 0 })?.turns;
  }

  /** As somebody asks who remembers nothing. */
  get expected(): unknown {
    return turnsOf(this.path, this.agent).map(toldTurn);
  }
}

describe('turns that are read on', () => {
  it.each(['claude-code', 'codex'] as const)(
    'of %s are those of a first reading, wherever their writer was',
    (agent) => {
      const whole = Buffer.from(STORIES[agent]);
      fc.assert(
        fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
          const world = new World(agent);
          let at = 0;
          for (const cut of [...cuts.toSorted((a, b) => a - b), whole.length]) {
            appendFileSync(world.path, whole.subarray(at, cut));
            at = cut;
            expect(world.read()).toEqual(world.expected);
          }
          expect(world.read()).toHaveLength(3);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 700)],
    ['emptied', (path) => truncateSync(path, 0)],
    [
      'put in the place of another',
      (path) => {
        writeFileSync(`${path}.new`, STORIES['claude-code'] + answered('n', 60, 'v'));
        renameSync(`${path}.new`, path);
      },
    ],
    ['written anew and longer', (path) => writeFileSync(path, asked('other', 0) + STORIES['claude-code'])],
  ])('are those of a first reading after the file was %s', (_, change) => {
    const world = new World();
    writeFileSync(world.path, STORIES['claude-code']);
    expect(world.read()).toHaveLength(3);
    change(world.path);
    expect(world.read()).toEqual(world.expected);
  });

  it('are none where there is nothing to be read any more', () => {
    const world = new World();
    world.read();
    rmSync(world.path);
    expect([world.read(), world.expected]).toEqual([undefined, []]);
    mkdirSync(world.path);
    expect([world.read(), world.expected]).toEqual([undefined, []]);
    rmSync(world.path, { recursive: true });
    execFileSync('mkfifo', [world.path]);
    expect([world.read(), world.expected]).toEqual([undefined, []]);
  });

  it('are found around a line of any length', () => {
    const world = new World();
    const long = `${'x'.repeat(16 * 1024 * 1024 + 9)}\n`;
    writeFileSync(world.path, `${asked('u', 1)}${long}${answered('a', 2, 'u')}${long.slice(1)}`);
    expect(world.read()).toMatchObject([{ startedAt: 1.77e12 + 1_000 }]);
  });
});
