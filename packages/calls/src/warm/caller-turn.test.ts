import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { callerTurn, rememberingCallerTurn } from './caller-turn.ts';

const CALLER = { agent: 'claude-code', id: '6f2c9a51-0d3e-4c7b-9a44-1f0f6f1c2b7d' } as const;

function answer(id: string, at: number): string {
  const message = { id, model: 'claude-test-1', usage: { cache_read_input_tokens: 900, output_tokens: 7 } };
  return `${JSON.stringify({ type: 'assistant', message, timestamp: new Date(1.77e12 + at).toISOString() })}\n`;
}

class World {
  readonly #home = temporaryDirectory();
  readonly transcript: string = join(this.#home, 'projects/-work', `${CALLER.id}.jsonl`);
  readonly #remembering = rememberingCallerTurn();

  constructor() {
    mkdirSync(join(this.#home, 'projects/-work'), { recursive: true });
  }

  /** The last turn as one tells it who remembers, and one who does not. */
  ask(): [string | undefined, string | undefined] {
    const env = { CLAUDE_CONFIG_DIR: this.#home };
    return [this.#remembering(CALLER, env, '/work')?.id, callerTurn(CALLER, env, '/work')?.id];
  }
}

describe('the last request of a caller', () => {
  it('is the same for one who remembers, whatever becomes of the transcript', () => {
    const world = new World();
    expect(world.ask()).toEqual([undefined, undefined]);
    writeFileSync(world.transcript, answer('a', 1));
    for (const _ of [1, 2]) expect(world.ask()).toEqual(['a', 'a']);
    appendFileSync(world.transcript, answer('b', 2));
    for (const _ of [1, 2]) expect(world.ask()).toEqual(['b', 'b']);
    writeFileSync(`${world.transcript}.new`, answer('c', 3));
    renameSync(`${world.transcript}.new`, world.transcript);
    expect(world.ask()).toEqual(['c', 'c']);
    rmSync(world.transcript);
    expect(world.ask()).toEqual([undefined, undefined]);
  });

  it('is not known of a caller whose transcripts are not', () => {
    expect(rememberingCallerTurn()({ agent: 'other', id: 'x' }, {}, '/work')).toBeUndefined();
  });
});
