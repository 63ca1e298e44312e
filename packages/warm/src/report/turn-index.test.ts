import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { TurnIndex } from './turn-index.ts';

function answer(id: string, at: number, output = 7): string {
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 1_000,
    cache_creation_input_tokens: 5,
    output_tokens: output,
  };
  const message = { id, model: 'claude-test-1', usage, content: 'secret words' };
  return `${JSON.stringify({ type: 'assistant', message, timestamp: new Date(1.77e12 + at * 1_000).toISOString() })}\n`;
}

class World {
  readonly directory: string = join(temporaryDirectory(), 'state/.warm/report');
  readonly place = { path: join(temporaryDirectory(), 'secret.jsonl'), agent: 'claude-code', writtenAt: 0 } as const;

  constructor(...lines: readonly string[]) {
    writeFileSync(this.place.path, lines.join(''));
  }

  /** As another report asks. */
  starts(): unknown {
    const turns = new TurnIndex(this.directory).conversation(this.place)?.turns;
    return turns?.map(({ startedAt, tokens }) => [(startedAt - 1.77e12) / 1_000, tokens.output]);
  }

  get entry(): string {
    const [name = ''] = readdirSync(this.directory);
    return join(this.directory, name);
  }
}

describe('an index of turns', () => {
  it('tells the same again, and what was added since', () => {
    const world = new World(answer('a', 1), answer('b', 2));
    expect([world.starts(), world.starts()]).toEqual([
      [
        [1, 7],
        [2, 7],
      ],
      [
        [1, 7],
        [2, 7],
      ],
    ]);
    appendFileSync(world.place.path, answer('b', 3, 90) + answer('c', 4));
    const expected = [
      [1, 7],
      [2, 90],
      [4, 7],
    ];
    expect([world.starts(), world.starts()]).toEqual([expected, expected]);
  });

  it('does not read again what it remembers', () => {
    const world = new World(answer('a', 1));
    world.starts();
    writeFileSync(world.entry, readFileSync(world.entry, 'utf8').replace(/,7,(\d+)\]/, ',77,$1]'));
    expect(world.starts()).toEqual([[1, 77]]);
    appendFileSync(world.place.path, answer('b', 2) + answer('c', 3));
    // The last turn is told again, with all that was added.
    expect(world.starts()).toEqual([
      [1, 7],
      [2, 7],
      [3, 7],
    ]);
  });

  it('starts over with a file that was put in the place of another', () => {
    const world = new World(answer('a', 1), answer('b', 2));
    world.starts();
    rmSync(world.place.path);
    writeFileSync(world.place.path, answer('x', 9));
    expect(world.starts()).toEqual([[9, 7]]);
  });

  it('keeps numbers and names of models alone, for its owner alone', () => {
    const world = new World(answer('an-id', 1));
    world.starts();
    const text = readFileSync(world.entry, 'utf8');
    expect(text).toContain('claude-test-1');
    expect(text + world.entry.slice(world.directory.length)).not.toMatch(/secret|words|an-id/);
    expect(statSync(world.entry).mode & 0o777).toBe(0o600);
    expect(statSync(world.directory).mode & 0o777).toBe(0o700);
  });

  it.each<[string, (entry: string) => void]>([
    ['torn', (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').slice(0, -20))],
    ['empty', (entry) => writeFileSync(entry, '')],
    ['of another form', (entry) => writeFileSync(entry, '{"schema":"csa.warm-report-index/9"}')],
    [
      'of an earlier form',
      (entry) => writeFileSync(entry, '{"schema":"csa.warm-report-index/1","bookmark":{},"models":[],"numbers":[]}'),
    ],
    [
      'of another transcript',
      (entry) => {
        const other = new World(answer('x', 9));
        other.starts();
        writeFileSync(entry, readFileSync(other.entry));
      },
    ],
    ['no object', (entry) => writeFileSync(entry, 'null')],
    [
      'full of odd numbers',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace(/"numbers":.*/, '"numbers":[-1]}')),
    ],
    [
      'cut to a part of a turn',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace(/"numbers":\[\d+,/, '"numbers":[')),
    ],
    [
      'of models that it does not name',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace(/"models":\[[^\]]*\]/, '"models":[]')),
    ],
    [
      'without a validator',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace('"validator"', '"other"')),
    ],
    [
      'without a checkpoint',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace('"checkpoint"', '"other"')),
    ],
    [
      'of a checkpoint beyond the end',
      (entry) => writeFileSync(entry, readFileSync(entry, 'utf8').replace('"offset":', '"offset":9')),
    ],
    ['huge', (entry) => writeFileSync(entry, 'x'.repeat(3_000_000))],
    [
      'a directory',
      (entry) => {
        rmSync(entry);
        mkdirSync(entry);
      },
    ],
    [
      'a pipe',
      (entry) => {
        rmSync(entry);
        execFileSync('mkfifo', [entry]);
      },
    ],
  ])('whose entry is %s reads the transcript anew', (_, spoil) => {
    const world = new World(answer('a', 1), answer('b', 2));
    const before = world.starts();
    spoil(world.entry);
    expect([world.starts(), world.starts()]).toEqual([before, before]);
  });

  it('goes on where nothing can be written', () => {
    const world = new World(answer('a', 1));
    // Where the state root is to be made stands a file.
    writeFileSync(join(world.directory, '../..'), '');
    expect(() => readdirSync(world.directory)).toThrow();
    expect(world.starts()).toEqual([[1, 7]]);
  });

  it('knows nothing of a transcript that is gone', () => {
    const world = new World(answer('a', 1));
    world.starts();
    rmSync(world.place.path);
    expect(world.starts()).toBeUndefined();
  });

  it('forgets what was not asked for longest, when there is very much', () => {
    const world = new World(answer('a', 1));
    new TurnIndex(world.directory).prune();
    mkdirSync(world.directory, { recursive: true });
    for (let i = 0; i < 10_000; i += 1) writeFileSync(join(world.directory, `${i}.json`), '');
    new TurnIndex(world.directory).prune();
    expect(readdirSync(world.directory)).toHaveLength(10_000);
    world.starts();
    new TurnIndex(world.directory).prune();
    expect(readdirSync(world.directory)).toHaveLength(5_000);
  });
});
