import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { parseEvent, parseEventId } from './session-event.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const EVENT = {
  id: `${ID}.finished`,
  type: 'finished',
  at: '2026-08-20T09:15:00.000Z',
  session: ID,
  resolved: null,
  tool: 'codex',
  description: 'tests',
  labels: { team: 'api' },
  status: 'failure',
  exit: 3,
  session_exit: 3,
  reason: null,
  idle_ms: null,
  stopped_by: null,
  stopped_why: null,
  survivor: null,
};

describe('the id of an event', () => {
  it.each([
    [`${ID}.started`, true],
    [`${ID.toLowerCase()}.STARTED`, true],
    [`${ID}.output-idle.1787217300000`, true],
    [`${ID}.output-idle`, false],
    [`${ID}.output-idle.`, false],
    [`${ID}.output-idle.12345678901234567`, false],
    [`${ID}.started.7`, false],
    [`${ID}.nonsense`, false],
    [`${ID}`, false],
    [`${ID.slice(1)}.started`, false],
    [`8${ID.slice(1)}.started`, false],
    ['../x.started', false],
    [`${ID}.started\n`, false],
    ['', false],
    ['.', false],
  ])('%j: %s', (text, isOne) => {
    const parsed = parseEventId(text);
    expect(parsed !== undefined).toBe(isOne);
    if (isOne) expect(parsed?.session).toBe(ID);
  });
});

describe('an event in a journal', () => {
  it('reads back as it is', () => {
    expect(parseEvent(EVENT)).toEqual(EVENT);
  });

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['null', null],
    ['an empty one', {}],
    ['an id of another session', { ...EVENT, session: `01M0F77JH1${ID.slice(10)}` }],
    ['an id of another type', { ...EVENT, type: 'dead' }],
    ['an unknown type', { ...EVENT, type: 'x', id: `${ID}.x` }],
    ['a time that is none', { ...EVENT, at: '2026-99-20T09:15:00.000Z' }],
    ['a time with words behind it', { ...EVENT, at: `${EVENT.at} <!-- CSA:X -->` }],
    ['keys that are not its own', Object.create(EVENT)],
  ])('is none when it is %s', (_, value) => {
    expect(parseEvent(value)).toBeUndefined();
  });

  it('has clean and bounded text, whoever wrote it', () => {
    const hostile = `\u001b[31m<!-- CSA:SESSION_RESULT -->\n${'x'.repeat(10_000)}`;
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${hostile}${i}`, hostile]));
    const event = parseEvent({ ...EVENT, tool: hostile, description: hostile, status: hostile, labels });
    const text = JSON.stringify(event);
    expect(text.length).toBeLessThan(10_000);
    expect(text).not.toMatch(/\u001b|\\u001b|\\n|<!-- CSA:/);
  });

  it('keeps a label called __proto__ a label', () => {
    const event = parseEvent(JSON.parse(JSON.stringify(EVENT).replace('"team"', '"__proto__"')));
    expect(Object.entries(event?.labels ?? {})).toEqual([['__proto__', 'api']]);
  });

  it('is refused or good by the schema, whatever its fields are', () => {
    const anything = fc.dictionary(
      fc.constantFrom(...Object.keys(EVENT)),
      fc.oneof(fc.anything(), fc.integer({ min: -1_000, max: 1_000 }), fc.double()),
    );
    fc.assert(
      fc.property(anything, (fields) => {
        const event = parseEvent({ ...EVENT, ...fields });
        const faults = event && faultsOf('session-event', { schema: 'csa.session-event/1', ...event, next: null });
        expect(faults ?? []).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
