import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fileOf, textCache } from './caches.test.fixture.ts';
import { FileCache } from './file-cache.ts';
import { isCurrent, type Kept } from './kept.ts';
import { isValidator, validatorAt } from './validator.ts';

const TRIES = 400;
const OLD = new Date('2026-01-02T03:04:05.006Z');

/** Texts of one length. */
const textOf = (i: number): string => `text ${String(i).padStart(6, '0')}`;

/** Changes a file again and again; gives how often a cache gave something else than what stands in it. */
async function staleAnswers(change: (path: string, text: string) => void): Promise<number> {
  const path = fileOf(textOf(0));
  const caches = [textCache(), new FileCache({ read: (file) => readFile(file, 'utf8') })];
  let stale = 0;
  for (let i = 1; i <= TRIES; i += 1) {
    change(path, textOf(i));
    for (const cache of caches) {
      // Asked twice: what is kept by the first one is what the second one may give.
      const answers = [await cache.get(path), await cache.get(path)];
      stale += answers.filter((answer) => answer !== textOf(i)).length;
    }
  }
  return stale;
}

/** Puts a new file in the place of another. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe('a file is another one', () => {
  it.each<[string, (path: string, text: string) => void]>([
    ['was written anew with as many bytes', (path, text) => writeFileSync(path, text)],
    [
      'was written anew, and its time put back',
      (path, text) => {
        writeFileSync(path, text);
        utimesSync(path, OLD, OLD);
      },
    ],
    ['was replaced', replace],
    [
      'was replaced, and its time put back',
      (path, text) => {
        replace(path, text);
        utimesSync(path, OLD, OLD);
      },
    ],
    [
      'was replaced by one that was given its time before',
      (path, text) => {
        writeFileSync(`${path}.new`, text);
        utimesSync(`${path}.new`, OLD, OLD);
        renameSync(`${path}.new`, path);
      },
    ],
  ])(`each time after it ${'%s'}, ${TRIES} times`, async (_, change) => {
    expect(await staleAnswers(change)).toBe(0);
  });

  it('also when it changes between two looks of one reader', () => {
    const path = fileOf('before');
    const cache = textCache();
    expect(cache.getSync(path)).toBe('before');
    writeFileSync(path, 'behind');
    expect([cache.getSync(path), cache.getSync(path)]).toEqual(['behind', 'behind']);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2, parses: 2 });
  });
});

describe('a kept value is current', () => {
  const settled = { size: '4', mtimeNs: '1', ctimeNs: '1', ino: '7', dev: '8' };
  const young = { ...settled, ctimeNs: `${BigInt(Date.now() + 60_000) * 1_000_000n}` };
  const keptOf = (validator: typeof settled, wasYoung: boolean): Kept<undefined, string> => {
    return { validator, mark: 'm', wasYoung, reached: { value: '', state: undefined, from: 0 } };
  };

  it.each([
    ['settled', 'same', 'm', true],
    ['settled', 'same', 'other', true],
    ['settled', 'another', 'm', false],
    ['young', 'same', 'm', true],
    ['young', 'same', 'other', false],
    ['young', 'another', 'm', false],
  ])('read of a %s file that is the %s by its validator and has the mark %s: %s', (age, file, mark, expected) => {
    const kept = keptOf(age === 'young' ? young : settled, age === 'young');
    const seen = file === 'same' ? kept.validator : { ...kept.validator, ino: 'another' };
    expect(isCurrent(kept, seen, () => mark)).toBe(expected);
  });

  it('without a look at its bytes, once they were the same in a file that had settled', () => {
    const kept = keptOf(settled, true);
    const marks = ['m', 'never asked for'];
    expect([0, 1].map(() => isCurrent(kept, settled, () => marks.shift()))).toEqual([true, true]);
    const restless = keptOf(young, true);
    expect(['m', 'm', 'x'].map((mark) => isCurrent(restless, young, () => mark))).toEqual([true, true, false]);
  });
});

describe('a validator', () => {
  it('survives as JSON, and nothing else is taken for one', () => {
    const path = fileOf('');
    const validator = validatorAt(path);
    expect(validator?.ino).toBe(`${statSync(path, { bigint: true }).ino}`);
    expect(isValidator(JSON.parse(JSON.stringify(validator)))).toBe(true);
    for (const other of [undefined, null, 7, 'text', [], {}, { ...validator, ino: 7 }, { ...validator, dev: null }]) {
      expect(isValidator(other)).toBe(false);
    }
  });

  it('is none of what cannot be looked at', () => {
    const path = fileOf('');
    for (const name of ['/nowhere', `${path}/below`, 'x'.repeat(5_000)]) expect(validatorAt(name)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});
