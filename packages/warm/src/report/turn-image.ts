import type { Reached } from '@csa/cache';
import type { Checkpoint } from '@csa/transcript';
import type { ToldTurn } from './told-turn.ts';
import type { TurnsSoFar } from './turn-lines.ts';

/** How far a transcript was read, and what it told. */
export type TurnsReached = Reached<TurnsSoFar<ToldTurn>, readonly ToldTurn[]>;

const TIERS = [undefined, '5m', '1h'] as const;
/** Of one turn: key, start, model, five counts of tokens, tier. */
const WIDTH = 9;
/** No Date is later. */
const LAST_TIME = 8.64e15;

/** Numbers, and names of models: nothing of what was said, not even where. */
export function imageOf({ state: { checkpoint, turns, pending } }: TurnsReached): unknown {
  const models = [...new Set(turns.map(({ model }) => model))];
  const numbers = turns.flatMap(({ key, startedAt, model, tokens, tier }) => {
    const { input, read, write, writeHour, output } = tokens;
    return [key, startedAt, models.indexOf(model), input, read, write, writeHour, output, TIERS.indexOf(tier)];
  });
  return { checkpoint, models, pending, numbers };
}

/** @throws for whatever is no image: its transcript is read anew */
export function ofImage(image: unknown): TurnsReached {
  const { checkpoint, models, pending, numbers } = Object(image) as Partial<Record<string, unknown>>;
  if (!isCheckpoint(checkpoint) || !isNames(models) || !isNumbers(numbers) || !isCount(pending)) {
    throw new Error('no image of turns');
  }
  if (numbers.length % WIDTH !== 0 || pending > numbers.length / WIDTH) throw new Error('a torn image');
  const turns = Array.from({ length: numbers.length / WIDTH }, (_, i) => turnAt(numbers, i * WIDTH, models));
  return { value: turns, state: { checkpoint, turns, pending }, from: checkpoint.offset };
}

function turnAt(numbers: readonly number[], at: number, models: readonly string[]): ToldTurn {
  const [key = 0, startedAt = 0, named = 0, input = 0, read = 0, write = 0, writeHour = 0, output = 0, tiered = 0] =
    numbers.slice(at, at + WIDTH);
  const [model, tier] = [models[named], TIERS[tiered]];
  if (model === undefined || tiered >= TIERS.length || startedAt > LAST_TIME) throw new Error('no turn');
  const tokens = { input, read, write, writeHour, output };
  return { key, startedAt, model, tokens, ...(tier === undefined ? {} : { tier }) };
}

function isCheckpoint(value: unknown): value is Checkpoint {
  const { offset, model = '', tier, side = true } = Object(value) as Partial<Checkpoint>;
  return isCount(offset) && typeof model === 'string' && TIERS.includes(tier) && side === true;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name.length <= 96);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
