import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LookupScope, publishResult, type SessionId } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { emptyScope, ownSession, RESULT } from '../wait/own-session.test.fixture.ts';
import { type SessionFilter, WANTED_STATES, type WantedState } from './session-filter.ts';
import { listingOf, type SurveyWish, surveySessions } from './survey.ts';
import { wantedList } from './wanted-list.ts';

async function idsOf(scope: LookupScope, filter: SessionFilter = {}, wish: SurveyWish = {}): Promise<SessionId[]> {
  const ids: SessionId[] = [];
  for await (const { located } of surveySessions(scope, { ...wish, filter })) ids.push(located.session.id);
  return ids;
}

/** One session of each kind, oldest first. */
async function everyKind(
  scope: LookupScope,
): Promise<Record<'good' | 'bad' | 'dead' | 'unknown' | 'alive', SessionId>> {
  const [good, bad, dead, unknown, alive] = [
    await ownSession(scope),
    await ownSession(scope),
    await ownSession(scope),
    await ownSession(scope),
    await ownSession(scope),
  ];
  publishResult(good.session, { ...RESULT, status: 'success', exitCode: 0 });
  publishResult(bad.session, RESULT);
  for (const { die } of [good, bad, dead]) die();
  writeFileSync(join(unknown.session.directory, 'daemon.pid'), '?');
  return {
    good: good.session.id,
    bad: bad.session.id,
    dead: dead.session.id,
    unknown: unknown.session.id,
    alive: alive.session.id,
  };
}

const newestFirst = (ids: readonly SessionId[]): SessionId[] => ids.toSorted().reverse();

describe('the sessions of a survey', () => {
  it('are those in any of the wanted states, whatever the states are', async () => {
    const scope = emptyScope();
    const kinds = await everyKind(scope);
    const inState: Readonly<Record<WantedState, readonly SessionId[]>> = {
      alive: [kinds.alive],
      dead: [kinds.dead],
      unknown: [kinds.unknown],
      finished: [kinds.good, kinds.bad],
      success: [kinds.good],
      failed: [kinds.bad],
    };
    expect(await idsOf(scope)).toEqual(newestFirst(Object.values(kinds)));
    for (let chosen = 0; chosen < 2 ** WANTED_STATES.length; chosen += 1) {
      const states = WANTED_STATES.filter((_, i) => (chosen >> i) % 2 === 1);
      const wanted = new Set(states.flatMap((state) => inState[state]));
      const filter = { states: new Set(states) };
      expect(await idsOf(scope, filter)).toEqual(newestFirst([...wanted]));
      expect(await idsOf(scope, filter, { seesLingering: true })).toEqual(newestFirst([...wanted]));
    }
  });

  it('without labels asked for need none, nor a record that could hold them', async () => {
    const scope = emptyScope();
    const [bare, marked] = [await ownSession(scope), await ownSession(scope, ['team=api', 'kind=test'])];
    rmSync(join(bare.session.directory, 'metadata.toml'));
    const both = newestFirst([bare.session.id, marked.session.id]);
    expect(await idsOf(scope, { labels: new Map() })).toEqual(both);
    expect(await idsOf(scope, { labels: new Map([['team', 'api']]) })).toEqual([marked.session.id]);
    expect(await idsOf(scope, { labels: new Map([['team', 'web']]) })).toEqual([]);
  });

  it('of a tool are known by their result alone, too', async () => {
    const scope = emptyScope();
    const { session, die } = await ownSession(scope);
    publishResult(session, { ...RESULT, tool: 'codex' });
    die();
    expect(await idsOf(scope, { tool: 'codex' })).toEqual([]);
    expect(await idsOf(scope, { tool: 'make' })).toEqual([session.id]);
    rmSync(join(session.directory, 'metadata.toml'));
    expect(await idsOf(scope, { tool: 'codex' })).toEqual([session.id]);
  });
});

describe('a list', () => {
  it('has the newest, and the older ones that are still alive', async () => {
    const scope = emptyScope();
    const sessions = [
      await ownSession(scope),
      await ownSession(scope),
      await ownSession(scope),
      await ownSession(scope),
    ];
    const [first, second, third, fourth] = sessions.toSorted((a, b) => (a.session.id < b.session.id ? -1 : 1));
    for (const over of [second, third]) {
      if (over !== undefined) publishResult(over.session, RESULT);
      over?.die();
    }
    const listing = listingOf(scope, false);
    const keep = (one: { located: { session: { id: SessionId } } }): SessionId => one.located.session.id;
    const limit = { kind: 'newest', count: 1, andAlive: true } as const;
    const wish = { filter: {}, allProjects: false, limit };
    expect(await wantedList(scope, wish, { listing, keep })).toEqual({
      sessions: [fourth?.session.id, first?.session.id],
      total: 4,
      beyondLimit: 2,
    });
    const onlyNewest = { ...wish, limit: { ...limit, andAlive: false } };
    expect(await wantedList(scope, onlyNewest, { listing, keep })).toEqual({
      sessions: [fourth?.session.id],
      total: 4,
      beyondLimit: 3,
    });
  });
});
