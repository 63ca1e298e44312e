import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LogFile } from './log-file.ts';
import { LogFollower } from './log-follower.ts';
import type { Session } from './session.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const LOG = 'stdout.log';
const RESTART = '|';

function pathOf(session: Session): string {
  return join(session.directory, LOG);
}

function follow(session: Session, log?: LogFile, position = 0): LogFollower {
  const follower = new LogFollower(session, LOG, { log, position });
  onTestFinished(() => follower.close());
  return follower;
}

/** All news there is, as text; a bar stands for a new beginning. */
function news(follower: LogFollower): string {
  let text = '';
  for (;;) {
    const some = follower.next();
    if (some.kind === 'nothing') return text;
    text += some.kind === 'bytes' ? some.bytes.toString() : RESTART;
  }
}

describe('a followed log', () => {
  test('is waited for, and read from its beginning', () => {
    const session = emptySession();
    const follower = follow(session);
    expect(news(follower)).toBe('');
    writeFileSync(pathOf(session), 'first\n');
    expect(news(follower)).toBe('first\n');
  });

  test('is read from where the reader was', () => {
    const session = sessionWith(LOG, 'old new');
    const follower = follow(session, LogFile.open(session, LOG), 4);
    expect(follower.unread()).toBe(3);
    expect(news(follower)).toBe('new');
    appendFileSync(pathOf(session), 'er');
    expect(news(follower)).toBe('er');
    expect(follower.unread()).toBe(0);
  });

  test('that is renamed is read to its end before its successor', () => {
    const session = sessionWith(LOG, 'a');
    const follower = follow(session);
    expect(news(follower)).toBe('a');
    const old = join(session.directory, 'stdout.log.1');
    renameSync(pathOf(session), old);
    appendFileSync(old, 'b');
    expect(news(follower)).toBe('b');
    appendFileSync(old, 'c');
    writeFileSync(pathOf(session), 'de');
    expect(follower.unread()).toBe(3);
    expect(news(follower)).toBe(`c${RESTART}de`);
  });

  test('that is cut short is read anew', () => {
    const session = sessionWith(LOG, 'long text');
    const follower = follow(session);
    news(follower);
    truncateSync(pathOf(session));
    appendFileSync(pathOf(session), 'new');
    expect(follower.unread()).toBe(3);
    expect(news(follower)).toBe(`${RESTART}new`);
  });

  test('that is removed is kept until it has a successor', () => {
    const session = sessionWith(LOG, 'a');
    const follower = follow(session);
    news(follower);
    rmSync(pathOf(session));
    expect([news(follower), follower.unread()]).toEqual(['', 0]);
    mkdirSync(pathOf(session));
    expect([news(follower), follower.unread()]).toEqual(['', 0]);
    rmSync(pathOf(session), { recursive: true });
    writeFileSync(pathOf(session), 'b');
    expect(news(follower)).toBe(`${RESTART}b`);
  });

  test('whatever is done to it, and whenever it is looked at, is told whole and in order', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('append' as const), bytes: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 3, arbitrary: fc.constant({ kind: 'look' as const }) },
      { weight: 1, arbitrary: fc.constantFrom({ kind: 'rename' as const }, { kind: 'copytruncate' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const session = sessionWith(LOG, '');
        const path = pathOf(session);
        const follower = new LogFollower(session, LOG, { log: undefined, position: 0 });
        let told = '';
        let written = '';
        const look = (): void => {
          told += news(follower).replaceAll(RESTART, '');
        };
        look();
        for (const [i, { kind, ...rest }] of steps.entries()) {
          if (kind === 'look') look();
          else if (kind === 'append') {
            const text = `<${i}>`.repeat('bytes' in rest ? rest.bytes : 1);
            appendFileSync(path, text);
            written += text;
          } else {
            if (kind === 'rename') renameSync(path, `${path}.${i}`);
            else {
              // What nobody has read is lost with the truncation.
              look();
              copyFileSync(path, `${path}.${i}`);
              truncateSync(path);
            }
            writeFileSync(path, '', { flag: 'a' });
            // A second rotation before the first was noticed loses what was between, for tail -F as well.
            look();
          }
        }
        look();
        follower.close();
        expect(told).toBe(written);
      }),
      { numRuns: 60 },
    );
  });
});
