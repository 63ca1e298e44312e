import type { Bookmark, Checkpoint, Validator } from '@csa/transcript';
import type { ToldTurn } from './told-turn.ts';

/** What is remembered of one transcript. */
export interface IndexEntry {
  readonly bookmark: Bookmark;
  /** The last `pending` of them may still change. */
  readonly turns: readonly ToldTurn[];
  readonly pending: number;
}

const SCHEMA = 'csa.warm-report-index/1';
const TIERS = [undefined, '5m', '1h'] as const;
/** Of one turn: key, start, model, five counts of tokens, tier. */
const WIDTH = 9;
/** No Date is later. */
const LAST_TIME = 8.64e15;

/** Numbers, and names of models: nothing of what was said, not even where. */
export function formatEntry({ bookmark, turns, pending }: IndexEntry): string {
  const models = [...new Set(turns.map(({ model }) => model))];
  const numbers = turns.flatMap(({ key, startedAt, model, tokens, tier }) => {
    const { input, read, write, writeHour, output } = tokens;
    return [key, startedAt, models.indexOf(model), input, read, write, writeHour, output, TIERS.indexOf(tier)];
  });
  return JSON.stringify({ schema: SCHEMA, bookmark, models, pending, numbers });
}

/** @throws when it is none, whatever it is then: it is read anew from its transcript */
export function parseEntry(text: string): IndexEntry {
  const entry = JSON.parse(text) as Partial<Record<string, unknown>>;
  const { schema, models, pending, numbers } = entry;
  const bookmark = parseBookmark(entry['bookmark']);
  if (schema !== SCHEMA || !isNames(models) || !isNumbers(numbers) || !isCount(pending)) throw new Error('no entry');
  if (numbers.length % WIDTH !== 0 || pending > numbers.length / WIDTH) throw new Error('a torn entry');
  const turns = Array.from({ length: numbers.length / WIDTH }, (_, i) => turnAt(numbers, i * WIDTH, models));
  return { bookmark, turns, pending };
}

function turnAt(numbers: readonly number[], at: number, models: readonly string[]): ToldTurn {
  const [key = 0, startedAt = 0, named = 0, input = 0, read = 0, write = 0, writeHour = 0, output = 0, tiered = 0] =
    numbers.slice(at, at + WIDTH);
  const [model, tier] = [models[named], TIERS[tiered]];
  if (model === undefined || tiered >= TIERS.length || startedAt > LAST_TIME) throw new Error('no turn');
  const tokens = { input, read, write, writeHour, output };
  return { key, startedAt, model, tokens, ...(tier === undefined ? {} : { tier }) };
}

function parseBookmark(value: unknown): Bookmark {
  const { checkpoint, validator, mark } = (value ?? {}) as Partial<Bookmark>;
  if (!isCount(mark) || !isValidator(validator) || !isCheckpoint(checkpoint)) throw new Error('no bookmark');
  return { checkpoint, validator, mark };
}

function isValidator(value: Partial<Validator> | undefined): value is Validator {
  const { size, mtimeNs, ctimeNs, ino, dev } = value ?? {};
  return [size, mtimeNs, ctimeNs, ino, dev].every((field) => typeof field === 'string');
}

function isCheckpoint(value: Partial<Checkpoint> | undefined): value is Checkpoint {
  const { offset, model = '', tier, side = true } = value ?? {};
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
