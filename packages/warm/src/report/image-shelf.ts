import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shelf } from '@csa/cache';
import { FILE_MODE, readRecord, removeQuietly } from '@csa/session';

const SCHEMA = 'csa.warm-report-index/2';
const MAX_IMAGES = 10_000;

/** Keeps images in files below a directory, for their owner alone. */
export class ImageShelf implements Shelf {
  readonly #directory: string;
  readonly #kind: string;
  #isWritable = true;

  /** @param kind of what the images are of: of one file there may be one of each kind */
  constructor(directory: string, kind: string) {
    this.#directory = directory;
    this.#kind = kind;
  }

  take(key: string): unknown {
    const place = { path: this.#placeOf(key), owner: process.getuid?.() ?? 0 };
    const reading = readRecord(place, (text) => JSON.parse(text) as Partial<Record<string, unknown>> | null);
    if (reading.kind !== 'present' || reading.value?.['schema'] !== SCHEMA) return undefined;
    return reading.value['image'];
  }

  /** Put in place as a whole; not made durable, for a torn image is none. */
  put(key: string, image: unknown): void {
    if (!this.#isWritable) return;
    const place = this.#placeOf(key);
    const temporary = `${place}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, JSON.stringify({ schema: SCHEMA, image }), { flag: 'wx', mode: FILE_MODE });
      renameSync(temporary, place);
    } catch {
      // Read-only or full: the next report costs as much as this one.
      this.#isWritable = false;
      removeQuietly(temporary);
    }
  }

  /** A path says where somebody works: its hash does not. */
  #placeOf(key: string): string {
    return join(this.#directory, `${hash('sha256', `${this.#kind}\0${key}`).slice(0, 40)}.json`);
  }
}

/** Forgets the images that were put there longest ago, where there are very many. */
export function pruneImages(directory: string): void {
  try {
    const names = readdirSync(directory);
    if (names.length <= MAX_IMAGES) return;
    const dated = names.map((name) => ({ name, at: statSync(join(directory, name)).mtimeMs }));
    const old = dated.toSorted((a, b) => a.at - b.at).slice(0, names.length - MAX_IMAGES / 2);
    for (const { name } of old) rmSync(join(directory, name), { force: true });
  } catch {
    // Another report does it at the same time, or there is nothing.
  }
}
