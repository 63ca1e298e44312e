import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import type { BriefEvent } from './brief-event.ts';
import { tellingTo } from './brief-event.ts';
import { type BriefPlaces, briefPlaces } from './places.ts';
import { type BriefReading, type ReadWish, readBrief } from './read-brief.ts';
import { type RefreshOutcome, type RefreshWish, refreshBrief } from './refresh-brief.ts';
import { DirectorySource } from './sources.test.fixture.ts';
import type { Sidecar } from './stored-brief.ts';

const LATER_MS = 1_000;

/** A project with a source of facts, and all that is done with its brief. */
export class Bench {
  readonly root: string = temporaryDirectory();
  readonly places: BriefPlaces = briefPlaces(this.root, '/some/project');
  readonly source: DirectorySource = new DirectorySource(join(this.root, 'facts'));

  constructor() {
    mkdirSync(this.places.folder, { recursive: true });
  }

  /** As somebody does who comes a second later: nothing that was just written is too young to be told apart. */
  refresh(wish: Partial<RefreshWish> = {}): Promise<RefreshOutcome> {
    const now = (): number => Date.now() + LATER_MS;
    const usual = { trigger: 'reactive', minIntervalMs: 0, now, tell: tellingTo(this.places) } as const;
    return refreshBrief(this.places, this.source, { ...usual, ...wish });
  }

  /** What came of it, in a word. */
  async refreshed(wish: Partial<RefreshWish> = {}): Promise<string> {
    const outcome = await this.refresh(wish);
    return outcome.kind === 'skipped' ? outcome.reason : outcome.kind;
  }

  read(wish: Partial<ReadWish> = {}): Promise<BriefReading> {
    const usual = { maxAgeMs: 0, now: Date.now() + LATER_MS, capMs: 10_000 };
    return readBrief(this.places, this.source, { ...usual, ...wish });
  }

  /** What came of it, in a word. */
  async answer(wish: Partial<ReadWish> = {}): Promise<string> {
    const reading = await this.read(wish);
    return reading.kind === 'hit' ? 'hit' : reading.why;
  }

  get payload(): string {
    return readFileSync(this.places.payload, 'utf8');
  }

  get sidecar(): Sidecar {
    return JSON.parse(readFileSync(this.places.sidecar, 'utf8')) as Sidecar;
  }

  get events(): BriefEvent[] {
    const path = join(this.places.workshop, 'events.jsonl');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as BriefEvent);
  }

  /** The names of the events, with the reason where there is one. */
  get told(): string[] {
    return this.events.map((event) => ('reason' in event ? `${event.event} ${event.reason}` : event.event));
  }
}

/** What shows that nobody has written to a file: its inode, its bytes' time and its size. */
export function imprint(path: string): unknown {
  const { ino, mtimeNs, size } = statSync(path, { bigint: true });
  return { ino, mtimeNs, size };
}
