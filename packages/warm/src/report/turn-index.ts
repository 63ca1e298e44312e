import { FileCache } from '@csa/cache';
import type { TranscriptAgent, TranscriptPlace } from '@csa/transcript';
import { ImageShelf, pruneImages } from './image-shelf.ts';
import { type ToldConversation, type ToldTurn, toldTurn } from './told-turn.ts';
import { imageOf, ofImage } from './turn-image.ts';
import { readQuietly, type Telling, turnLines } from './turn-lines.ts';

/** As many as one image holds with less than a record's size. */
const TOLD: Telling<ToldTurn> = { tell: toldTurn, keyOf: ({ key }) => key, atMost: 12_000 };

type Turns = FileCache<readonly ToldTurn[]>;

/**
 * Reads transcripts, and remembers below a directory what they said: one that has grown since costs what has grown. It
 * is nothing but a memory: whatever happens to it, the answers are the same.
 */
export class TurnIndex {
  readonly #directory: string;
  readonly #read: Readonly<Record<TranscriptAgent, Turns>>;

  constructor(directory: string) {
    this.#directory = directory;
    this.#read = { 'claude-code': turnsBelow(directory, 'claude-code'), codex: turnsBelow(directory, 'codex') };
  }

  /** The last turns of a transcript; `undefined`: it cannot be read by now. Never throws. */
  conversation({ path, agent }: TranscriptPlace): ToldConversation | undefined {
    const turns = readQuietly(this.#read[agent], path);
    return turns && { agent, turns };
  }

  /** Forgets the transcripts that were not asked for longest, where there are very many. */
  prune(): void {
    pruneImages(this.#directory);
  }
}

/** Nothing of them stays in memory: a report asks for each of them once. */
function turnsBelow(directory: string, agent: TranscriptAgent): Turns {
  const shelving = { shelf: new ImageShelf(directory, agent), save: imageOf, load: ofImage };
  return new FileCache({ maxEntries: 0, lines: turnLines(agent, TOLD), shelving });
}
