import { describe, expect, it } from 'vitest';
import { parseEvent, type SessionEvent } from './session-event.ts';
import { eventsSince, parseSince } from './since.ts';

const A = '01M0F77JH0BVPHYFAVF40A3GZ5';
const B = '01M0F77JH1BVPHYFAVF40A3GZ5';
const NOW = Date.parse('2026-08-20T10:00:00Z');
const SCOPE = { project: '/p', roots: { primary: '/s', legacy: '/l', isDefault: true } };
const EVENTS = [
  [`${A}.started`, '09:00'],
  [`${B}.started`, '09:10'],
  [`${B}.finished`, '09:50'],
  [`${A}.output-idle.7`, '09:05'],
  [`${A}.dead`, '09:55'],
].map(([id = '', clock]) => {
  const [session, type] = id.split('.');
  return parseEvent({ id, session, type, at: `2026-08-20T${clock}:00.000Z` }) as SessionEvent;
});

describe('--since', () => {
  it.each([
    [`${A}.started`, [1, 2, 3, 4]],
    [`${A.toLowerCase()}.started`, [1, 2, 3, 4]],
    [`${B}.finished`, [3, 4]],
    [`${A}.output-idle.7`, [4]],
    [`${A}.dead`, []],
    [B, [2, 3, 4]],
    [B.slice(0, 10), [2, 3, 4]],
    [B.toLowerCase(), [2, 3, 4]],
    ['15m', [2, 4]],
    ['1h', [0, 1, 2, 3, 4]],
    ['300', [4]],
    ['0', []],
  ])('%s', (text, expected) => {
    const events = eventsSince(EVENTS, parseSince(text, NOW), SCOPE);
    expect(events.map((event) => EVENTS.indexOf(event))).toEqual(expected);
  });

  it('that is absent is everything', () => {
    expect(eventsSince(EVENTS, { kind: 'beginning' }, SCOPE)).toEqual(EVENTS);
  });

  it.each([
    [`${A}.finished`, 'since-unknown'],
    [`02M0F77JH0BVPHYFAVF40A3GZ5.started`, 'since-unknown'],
    ['02M0F77JH0BVPHYFAVF40A3GZ5', 'since-unknown'],
    ['01M0F77', 'ambiguous-id'],
    ['nonsense', 'bad-since'],
    ['', 'bad-since'],
    ['../../etc', 'bad-since'],
    [`${A}.x`, 'bad-since'],
    ['-1h', 'bad-since'],
    ['9999d', 'out-of-range'],
    ['99999', 'bad-duration'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => eventsSince(EVENTS, parseSince(text, NOW), SCOPE)).toThrow(expect.objectContaining({ reason }));
  });
});
