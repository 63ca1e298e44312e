import type { SessionId } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { isOver, newEvents, type Observed } from './new-events.ts';
import { parseEvent } from './session-event.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5' as SessionId;
const LATER_ID = '01M0F77JH1BVPHYFAVF40A3GZ5' as SessionId;
const START = Date.parse('2026-08-20T09:15:00Z');
const NOW = START + 3_600_000;
const IDLE = 300_000;

type State = Observed['view']['state'];

function look(state: State, more: Partial<Observed> = {}, view: Partial<Observed['view']> = {}): Observed {
  const isFinished = state === 'finished';
  return {
    session: ID,
    seenAt: NOW,
    view: {
      state,
      resolved: null,
      tool: 'codex',
      description: 'tests',
      labels: { team: 'api' },
      status: isFinished ? 'failure' : null,
      exit: isFinished ? 3 : null,
      session_exit: isFinished ? 3 : null,
      reason: null,
      ...view,
    },
    endedAt: isFinished ? NOW - 1_000 : undefined,
    lastOutput: state === 'alive' ? NOW - 1_000 : undefined,
    stopRequest: undefined,
    survivor: undefined,
    ...more,
  };
}

/** What follows when this was told and that is seen; names without the session. */
function told(known: readonly string[], ...looks: Observed[]): string[] {
  const ids = new Set(known.map((name) => `${ID}.${name}`));
  return newEvents(ids, looks, IDLE).map(({ id }) => id.slice(ID.length + 1));
}

const SILENT = look('alive', { lastOutput: NOW - IDLE });
const SILENCE = `output-idle.${NOW - IDLE}`;
const STOPPED = look('finished', { stopRequest: { by: 'me', why: 'no need' } }, { reason: 'stopped' });

describe('of what was told and what is seen follows what is told', () => {
  it.each<[string[], string, Observed, string[]]>([
    [[], 'alive', look('alive'), ['started']],
    [[], 'unknown', look('unknown'), ['started']],
    [[], 'finished', look('finished'), ['started', 'finished']],
    [[], 'stopped', STOPPED, ['started', 'stopped']],
    [[], 'dead', look('dead'), ['started', 'dead']],
    [[], 'silent', SILENT, ['started', SILENCE]],
    [['started'], 'alive', look('alive'), []],
    [['started'], 'alive without any log', look('alive', { lastOutput: undefined }), []],
    [['started'], 'unknown', look('unknown'), []],
    [['started'], 'finished', look('finished'), ['finished']],
    [['started'], 'stopped', STOPPED, ['stopped']],
    [['started'], 'dead', look('dead'), ['dead']],
    [['started'], 'silent', SILENT, [SILENCE]],
    [['started'], 'almost silent', look('alive', { lastOutput: NOW - IDLE + 1 }), []],
    [['started', SILENCE], 'silent still', SILENT, []],
    [['started', 'output-idle.7'], 'silent again', SILENT, [SILENCE]],
    [['started', SILENCE], 'finished', look('finished'), ['finished']],
    [['started', 'dead'], 'dead still', look('dead'), []],
    [['started', 'dead'], 'finished after all', look('finished'), ['finished']],
    [['started', 'dead'], 'alive again', look('alive'), []],
    [['started', 'finished'], 'finished', look('finished'), []],
    [['started', 'finished'], 'stopped', STOPPED, []],
    [['started', 'stopped'], 'finished', look('finished'), []],
    [['started', 'finished'], 'dead', look('dead'), []],
    [['started', 'stopped'], 'dead', look('dead'), []],
    [['finished'], 'finished, its start never told', look('finished'), ['started']],
  ])('%j, then %s', (known, _, seen, expected) => {
    expect(told(known, seen)).toEqual(expected);
  });

  it('whatever was told, telling it once more tells nothing', () => {
    for (const seen of [look('alive'), SILENT, look('finished'), STOPPED, look('dead'), look('unknown')]) {
      const first = newEvents(new Set(), [seen], IDLE);
      expect(newEvents(new Set(first.map(({ id }) => id)), [seen], IDLE)).toEqual([]);
    }
  });
});

describe('a stop', () => {
  it('is one only where the record says stopped and the request is there', () => {
    const { stopRequest } = STOPPED;
    expect(told(['started'], look('finished', { stopRequest }))).toEqual(['finished']);
    expect(told(['started'], look('finished', {}, { reason: 'stopped' }))).toEqual(['finished']);
  });

  it('names who and why, in clean words', () => {
    const [event] = newEvents(
      new Set([`${ID}.started`]),
      [{ ...STOPPED, stopRequest: { by: 'a\u001b[31m\nb', why: '<!-- CSA:X -->' } }],
      IDLE,
    );
    expect(event).toMatchObject({ type: 'stopped', stopped_by: 'a b', exit: 3, reason: 'stopped' });
    expect(event?.stopped_why).not.toContain('<!-- CSA:');
  });
});

describe('the order', () => {
  it('is that of the times, over all sessions', () => {
    const other = look('finished', { session: LATER_ID, endedAt: START + 10 });
    const events = newEvents(new Set(), [look('finished'), other], IDLE);
    expect(events.map(({ id }) => id)).toEqual([
      `${ID}.started`,
      `${LATER_ID}.started`,
      `${LATER_ID}.finished`,
      `${ID}.finished`,
    ]);
  });

  it('has the start of a session first, also where its clock went back', () => {
    expect(told([], look('finished', { endedAt: START - 1_000_000 }))).toEqual(['started', 'finished']);
    expect(told([], look('alive', { lastOutput: 5 }))).toEqual(['started', 'output-idle.5']);
  });

  it('does not depend on the order of the looks', () => {
    const looks = [look('finished'), look('dead', { session: LATER_ID })];
    expect(newEvents(new Set(), looks.toReversed(), IDLE)).toEqual(newEvents(new Set(), looks, IDLE));
  });
});

describe('an event', () => {
  it.each<[string, Observed, object]>([
    ['started', look('alive'), { type: 'started', at: '2026-08-20T09:15:00.000Z', status: null, exit: null }],
    ['finished', look('finished'), { at: '2026-08-20T10:14:59.000Z', status: 'failure', exit: 3, session_exit: 3 }],
    ['finished without a time', look('finished', { endedAt: undefined }), { at: '2026-08-20T10:15:00.000Z' }],
    ['silent', SILENT, { type: 'output-idle', at: '2026-08-20T10:10:00.000Z', idle_ms: IDLE }],
    ['dead', look('dead', { survivor: 4711 }), { type: 'dead', at: '2026-08-20T10:15:00.000Z', survivor: 4711 }],
    ['a wrapper', look('alive', {}, { resolved: LATER_ID }), { resolved: LATER_ID }],
  ])('%s has its fields, is one by the schema, and reads back from a journal', (_, seen, fields) => {
    const event = newEvents(new Set(), [seen], IDLE).at(-1);
    expect(event).toMatchObject({ session: ID, tool: 'codex', description: 'tests', ...fields });
    expect({ ...event?.labels }).toEqual({ team: 'api' });
    expect(faultsOf('session-event', { schema: 'csa.session-event/1', ...event, next: null })).toEqual([]);
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each([Number.MAX_VALUE, -5, 8.64e15 + 1])('of a time that no clock can show (%d) has one all the same', (time) => {
    for (const seen of [look('finished', { endedAt: time }), look('alive', { lastOutput: Math.min(time, 0) })]) {
      for (const event of newEvents(new Set(), [seen], IDLE)) expect(parseEvent(event)).toEqual(event);
    }
  });
});

it('a session is over when its end was told, not when it was found dead', () => {
  expect(['started', 'dead', 'finished', 'stopped'].map((name) => isOver(new Set([`${ID}.${name}`]), ID))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
