import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { account } from '../policy/books.ts';
import { pricingFor } from '../policy/pricing.ts';
import { Ledger, MAX_LEDGER_BYTES } from '../store/ledger.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import { keeping, MINUTE, Scene, SECOND } from './keeping.test.fixture.ts';
import { keepOnDisk } from './kept-record.ts';
import { condense, OpenBooks, type Shelf } from './open-books.ts';

const USAGE = { input: 1, read: 9, write: 0, writeHour: 0, output: 1 };

function sending(id: string, at = 1): Extract<LedgerEntry, { kind: 'sending' }> {
  return { kind: 'sending', id, at, generation: 1 };
}

function beat(id: string, at = 1): Extract<LedgerEntry, { kind: 'beat' }> {
  const rest = { generation: 1, driver: 'command', usage: USAGE, cost: 5, durationMs: 7, expected: 10 } as const;
  return { kind: 'beat', id, at, verdict: 'full', ...rest };
}

function use(id: string, at = 1): Extract<LedgerEntry, { kind: 'use' }> {
  return { kind: 'use', id, at, usage: USAGE, model: 'some', tier: '5m' };
}

/** A shelf whose disk takes nothing while `isFull`. */
function shelf(): Shelf & { isFull: boolean; readonly lines: LedgerEntry[] } {
  const lines: LedgerEntry[] = [];
  const take = (write: () => void): void => {
    if (self.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    write();
  };
  const self = {
    isFull: false,
    lines,
    readLedger: () => [...lines],
    requireBooks: () => take(() => {}),
    append: (entry: LedgerEntry) => take(() => void lines.push(entry)),
    rewriteLedger: (entries: readonly LedgerEntry[]) => take(() => void lines.splice(0, lines.length, ...entries)),
  };
  return self;
}

describe('a ledger', () => {
  test('gives back what was put into it, and is for its owner alone', () => {
    const ledger = new Ledger(join(temporaryDirectory(), 'ledger.jsonl'));
    const stale: LedgerEntry = { ...beat('b'), verdict: 'error', error: 'x', reason: 'backoff', stale: true };
    const entries: LedgerEntry[] = [
      sending('a'),
      { ...stale, retryAfterMs: 3 },
      use('c'),
      { ...beat('d'), cost: null },
    ];
    for (const entry of entries) ledger.append(entry);
    expect(ledger.read()).toEqual(entries);
    expect(statSync(ledger.path).mode & 0o777).toBe(0o600);
  });

  test('loses no line to one that was left unfinished', () => {
    const ledger = new Ledger(join(temporaryDirectory(), 'ledger.jsonl'));
    ledger.append(use('a'));
    writeFileSync(ledger.path, '{"kind":"use","id":"torn', { flag: 'a' });
    ledger.append(use('b'));
    expect(ledger.read().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('reads any garbage as no entry, and never throws', () => {
    const path = join(temporaryDirectory(), 'ledger.jsonl');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array().map(Buffer.from)), (garbage) => {
        writeFileSync(path, garbage);
        expect(new Ledger(path).read()).toEqual([]);
      }),
    );
  });

  test.each<[string, (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a link to somewhere else', (path) => symlinkSync('/etc/passwd', path)],
    ['a device', (path) => symlinkSync('/dev/zero', path)],
  ])('that is %s reads as empty, and takes nothing', (_, plant) => {
    const path = join(temporaryDirectory(), 'ledger.jsonl');
    plant(path);
    expect(new Ledger(path).read()).toEqual([]);
    expect(() => new Ledger(path).append(use('a'))).toThrow(/EISDIR|ELOOP|EINVAL/);
  });

  test('does not grow beyond its bound', () => {
    const ledger = new Ledger(join(temporaryDirectory(), 'ledger.jsonl'));
    writeFileSync(ledger.path, '\n'.repeat(MAX_LEDGER_BYTES - 10));
    expect(() => ledger.append(use('a'))).toThrow('EFBIG');
    expect(statSync(ledger.path).size).toBe(MAX_LEDGER_BYTES - 10);
  });
});

describe('open books', () => {
  test('announce nothing that the disk does not take', () => {
    const disk = shelf();
    const books = new OpenBooks(disk);
    disk.isFull = true;
    expect(() => books.announce(sending('a'))).toThrow('ENOSPC');
    expect(books.entries).toEqual([]);
  });

  test('keep in mind what the disk does not take now, and write it, in order, before the next announcement', () => {
    const disk = shelf();
    const books = new OpenBooks(disk);
    books.announce(sending('a'));
    disk.isFull = true;
    books.settle(beat('a'));
    books.noteAnchor(17);
    expect(books.entries.map(({ kind }) => kind)).toEqual(['sending', 'beat', 'use']);
    expect(disk.lines.map(({ kind }) => kind)).toEqual(['sending']);
    disk.isFull = false;
    books.announce(sending('b'));
    expect(disk.lines.map(({ kind }) => kind)).toEqual(['sending', 'beat', 'use', 'sending']);
  });

  test('note a request of the caller’s once, also across two openings', () => {
    const disk = shelf();
    const turn = {
      id: 'x',
      startedAt: 3,
      model: 'm',
      tokens: { input: 1, read: 2, write: 3, writeHour: 0, output: 4 },
    };
    for (let i = 0; i < 3; i += 1) {
      const books = new OpenBooks(disk);
      books.noteTurn(turn);
      books.noteTurn(turn);
      books.noteAnchor(5);
    }
    expect(disk.lines).toEqual([
      { kind: 'use', id: 'x', at: 3, model: 'm', usage: turn.tokens },
      expect.objectContaining({ id: 'anchor-5', at: 5 }),
    ]);
  });

  test('that have grown long are condensed when they are opened', () => {
    const disk = shelf();
    for (let i = 0; i < 5_000; i += 1) disk.lines.push(use(`u${i}`, i));
    expect(new OpenBooks(disk).entries).toHaveLength(2);
    expect(disk.lines.map(({ id }) => id)).toEqual(['u0', 'u4999']);
  });

  test('say the same after they were condensed', () => {
    const entry = fc.tuple(fc.nat(40), fc.constantFrom(sending, beat, use)).map(([n, make]) => make(`${n}`, n * 100));
    const rules = {
      pricing: { ...pricingFor(), inputPrice: 3000, outputPrice: 15_000 },
      tier: '5m',
      ttlMs: 300,
    } as const;
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const all = entries.map((each) => ({ ...each, id: `${each.kind === 'use' ? 'use' : 'warm'}-${each.id}` }));
        expect(account(condense(all), rules)).toEqual(account(all, rules));
      }),
    );
  });
});

describe('a keeper', () => {
  test('whose books are full sends nothing, and says so', async () => {
    const scene = keeping(60 * MINUTE);
    await scene.clock.advance(MINUTE);
    writeFileSync(`${scene.record.directory}/ledger.jsonl`, '\n'.repeat(MAX_LEDGER_BYTES));
    await scene.clock.advance(200 * SECOND);
    expect(scene.sent).toEqual([]);
    expect(scene.end).toEqual({ kind: 'stopped', reason: 'max_warms' });
  });

  test('whose disk is full sends nothing, and goes on when there is room again', async () => {
    const scene = new Scene();
    scene.switchOn(60 * MINUTE);
    const disk = shelf();
    scene.keep({ record: { ...keepOnDisk(scene.record), ...disk } });
    await scene.clock.advance(MINUTE);
    disk.isFull = true;
    await scene.clock.advance(195 * SECOND);
    expect(scene.sent).toEqual([]);
    disk.isFull = false;
    await scene.clock.advance(20 * SECOND);
    expect(scene.sent).toHaveLength(1);
  });

  test('that cannot read its books sends nothing until it can', async () => {
    const scene = new Scene();
    scene.switchOn(60 * MINUTE);
    let isReadable = false;
    const disk = shelf();
    const readLedger = (): LedgerEntry[] => {
      if (!isReadable) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return disk.readLedger();
    };
    scene.keep({ record: { ...keepOnDisk(scene.record), ...disk, readLedger } });
    await scene.clock.advance(250 * SECOND);
    expect(scene.sent).toEqual([]);
    isReadable = true;
    await scene.clock.advance(20 * SECOND);
    expect(scene.sent).toHaveLength(1);
  });
});
