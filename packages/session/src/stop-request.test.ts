import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';
import { parseStopRequest, readStopRequest, recordStopRequest, type StopRequest } from './stop-request.ts';

const REQUEST: StopRequest = {
  by: 'dev (pid 7)',
  at: '2026-08-20T09:15:03.771Z',
  why: 'two\nlines and "quotes" \u001B\u001B',
  signal: 'SIGTERM',
  graceMs: 10_000,
};

test('a request is read back as it was written, 0600', () => {
  const session = emptySession();
  recordStopRequest(session, REQUEST);
  expect(readStopRequest(session)).toEqual({ kind: 'present', value: REQUEST });
  expect(statSync(join(session.directory, 'stop-request.toml')).mode & 0o777).toBe(0o600);
});

test('a later request replaces an earlier one as a whole', () => {
  const session = emptySession();
  recordStopRequest(session, REQUEST);
  recordStopRequest(session, { ...REQUEST, why: '', signal: 'SIGKILL', graceMs: 0 });
  expect(readStopRequest(session)).toMatchObject({ value: { why: '', signal: 'SIGKILL', graceMs: 0 } });
});

const LINES = { by: '"dev"', at: '"2026-08-20T09:15:03Z"', why: '"late"', signal: '"SIGINT"', grace_ms: '500' };

test('all five keys are a request', () => {
  expect(parseStopRequest(textOf({}))).toMatchObject({ signal: 'SIGINT', graceMs: 500 });
});

test.each([
  ['by', undefined],
  ['by', '""'],
  ['at', undefined],
  ['at', '2026-08-20T09:15:03Z'],
  ['why', undefined],
  ['why', '1'],
  ['signal', undefined],
  ['signal', '"TERM"'],
  ['signal', '15'],
  ['signal', '"__proto__"'],
  ['signal', '"constructor"'],
  ['grace_ms', undefined],
  ['grace_ms', '-1'],
  ['grace_ms', '1.5'],
  ['grace_ms', '500.0'],
  ['grace_ms', '"500"'],
  ['grace_ms', '604800001'],
  ['grace_ms', '99999999999999999999'],
])('a request with %s = %s is unreadable', (key, value) => {
  expect(readStopRequest(sessionWith('stop-request.toml', textOf({ [key]: value }))).kind).toBe('unreadable');
});

function textOf(changes: Record<string, string | undefined>): string {
  const lines: [string, string | undefined][] = Object.entries({ ...LINES, ...changes });
  return lines.map(([key, value]) => (value === undefined ? '' : `${key} = ${value}\n`)).join('');
}
