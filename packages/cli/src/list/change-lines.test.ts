import type { ListedSession } from '@csa/calls/list';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { OTHER } from '../wait/wait-story.test.fixture.ts';
import { ChangeLines } from './change-lines.ts';
import { listedSession } from './listed.test.fixture.ts';

const ALIVE = listedSession({ state: 'alive', status: null, exit: null, session_exit: null, idle_ms: 5 });
const DONE = listedSession();
const NEWER = listedSession({ id: OTHER });

function told(changes: ChangeLines, sessions: readonly ListedSession[], unlisted: readonly ListedSession[] = []) {
  const lines = changes.next(sessions, (id) => unlisted.find((one) => one.id === id));
  return lines.map((text) => {
    const document = JSON.parse(text);
    expect(faultsOf('session-list-change', document)).toEqual([]);
    return [document.session.id, document.session.state, document.removed, document.removed_because];
  });
}

describe('changes', () => {
  it('are those of what is kept warm, too, but for the time that passes', () => {
    const changes = new ChangeLines();
    const on = (left_ms: number) => ({ ...ALIVE, warm: { state: 'on', left_ms } as const });
    expect(told(changes, [ALIVE])).toHaveLength(1);
    expect(told(changes, [on(9_000)])).toHaveLength(1);
    expect(told(changes, [on(8_000)])).toEqual([]);
    expect(told(changes, [{ ...ALIVE, warm: { state: 'off', left_ms: null } }])).toHaveLength(1);
  });

  it('are everything at first, oldest first, and then nothing', () => {
    const changes = new ChangeLines();
    expect(told(changes, [NEWER, ALIVE])).toEqual([
      [ALIVE.id, 'alive', false, null],
      [NEWER.id, 'finished', false, null],
    ]);
    expect(told(changes, [NEWER, ALIVE])).toEqual([]);
  });

  it('are no times that merely pass', () => {
    const changes = new ChangeLines();
    told(changes, [ALIVE]);
    expect(told(changes, [{ ...ALIVE, elapsed_ms: 9e9, idle_ms: 7 }])).toEqual([]);
    expect(told(changes, [{ ...ALIVE, idle_ms: null }])).toEqual([]);
  });

  it('are what came and what is different', () => {
    const changes = new ChangeLines();
    told(changes, [ALIVE]);
    expect(told(changes, [NEWER, ALIVE])).toEqual([[NEWER.id, 'finished', false, null]]);
    expect(told(changes, [NEWER, DONE])).toEqual([[DONE.id, 'finished', false, null]]);
    expect(told(changes, [NEWER, { ...DONE, labels: { a: 'b' } }])).toEqual([[DONE.id, 'finished', false, null]]);
  });

  it('are what has gone, once, as it was', () => {
    const changes = new ChangeLines();
    told(changes, [ALIVE]);
    expect(told(changes, [])).toEqual([[ALIVE.id, 'alive', true, 'deleted']]);
    expect(told(changes, [])).toEqual([]);
    expect(told(changes, [ALIVE])).toEqual([[ALIVE.id, 'alive', false, null]]);
  });

  it('are what is wanted no more, as it is now', () => {
    const changes = new ChangeLines();
    told(changes, [ALIVE]);
    expect(told(changes, [], [DONE])).toEqual([[DONE.id, 'finished', true, 'filter']]);
  });
});
