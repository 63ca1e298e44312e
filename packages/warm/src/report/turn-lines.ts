import { FileCache, type LineReader } from '@csa/cache';
import { errnoOf } from '@csa/session';
import { type Checkpoint, foldTurns, type TranscriptAgent, type Turn } from '@csa/transcript';

/** What a transcript has told up to a checkpoint. */
export interface TurnsSoFar<K> {
  readonly checkpoint: Checkpoint;
  /** The last `pending` of them may still change. */
  readonly turns: readonly K[];
  readonly pending: number;
}

/** What is kept of turns. */
export interface Telling<K> {
  tell(turn: Turn): K;
  /** The same for the same turn. */
  keyOf(told: K): string | number;
  /** More are not kept: the newest count. */
  readonly atMost: number;
}

const WHOLE: Telling<Turn> = { tell: (turn) => turn, keyOf: ({ id }) => id, atMost: 100_000 };

/** Makes turns of the lines of a transcript, each of them once, in the order in which they were answered. */
export function turnLines<K>(agent: TranscriptAgent, telling: Telling<K>): LineReader<TurnsSoFar<K>, readonly K[]> {
  return {
    begin(from) {
      const fold = foldTurns(agent, from?.checkpoint);
      return {
        take: fold.take,
        end(end, torn) {
          const { settled, pending, checkpoint } = fold.end(end, torn);
          const sure = withNew(settledOf(from), settled, telling);
          const all = withNew(sure, pending, telling);
          const turns = all.slice(-telling.atMost);
          const state = { checkpoint, turns, pending: Math.min(turns.length, all.length - sure.length) };
          return { value: turns, state, from: checkpoint.offset };
        },
      };
    },
  };
}

/** All turns of a transcript; none where it cannot be read. Never throws, never blocks. */
export function turnsOf(path: string, agent: TranscriptAgent): readonly Turn[] {
  return readQuietly(new FileCache({ maxEntries: 0, lines: turnLines(agent, WHOLE) }), path) ?? [];
}

/** `undefined`: it cannot be read by now, whatever keeps it from that. */
export function readQuietly<T>(cache: FileCache<T>, path: string): T | undefined {
  try {
    return cache.getSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

function settledOf<K>(from: TurnsSoFar<K> | undefined): readonly K[] {
  return from?.turns.slice(0, from.turns.length - from.pending) ?? [];
}

/** With those that are not among them yet. */
function withNew<K>(turns: readonly K[], more: readonly Turn[], { tell, keyOf }: Telling<K>): readonly K[] {
  if (more.length === 0) return turns;
  const keys = new Set(turns.map(keyOf));
  const added: K[] = [];
  for (const told of more.map(tell)) {
    if (keys.has(keyOf(told))) continue;
    keys.add(keyOf(told));
    added.push(told);
  }
  return [...turns, ...added];
}
