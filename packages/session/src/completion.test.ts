import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { materialize } from '@csa/testkit';
import { expect, test } from 'vitest';
import { parseCompletion, readCompletion, recordCompletion } from './completion.ts';
import { openNamedDirectory } from './session.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

test('a completion is read back as it was written, 0600', () => {
  const session = emptySession();
  const completion = { exitCode: -1, status: 'failure', reason: 'crash: "x"\n\u001B[0m\u001B' };
  recordCompletion(session, completion);
  expect(readCompletion(session)).toEqual({ kind: 'present', value: completion });
  expect(statSync(join(session.directory, 'daemon-completion.toml')).mode & 0o777).toBe(0o600);
});

test('status and reason are optional, and ignored where they are no strings', () => {
  expect(parseCompletion('exit_code = 3')).toEqual({ exitCode: 3 });
  expect(parseCompletion('exit_code = 3\nstatus = 1\nreason = []')).toEqual({ exitCode: 3 });
});

test.each([
  ['missing', 'status = "success"'],
  ['a string', 'exit_code = "0"'],
  ['a float', 'exit_code = 0.0'],
  ['a datetime', 'exit_code = 2026-08-20'],
  ['too large', 'exit_code = 2147483648'],
  ['past 64 bits', 'exit_code = 18446744073709551616'],
  ['inherited', '[__proto__]\nexit_code = 0'],
  ['in an empty file', ''],
])('an exit code that is %s makes the packet unreadable', (_what, text) => {
  expect(readCompletion(sessionWith('daemon-completion.toml', text)).kind).toBe('unreadable');
});

test('a packet that cannot be read is not replaced by the legacy marker', () => {
  const session = sessionWith('daemon-completion.toml', '');
  writeFileSync(join(session.directory, '.complete'), '0');
  expect(readCompletion(session).kind).toBe('unreadable');
});

test('a packet goes before the legacy marker', () => {
  const session = sessionWith('daemon-completion.toml', 'exit_code = 2\n');
  writeFileSync(join(session.directory, '.complete'), '0');
  expect(readCompletion(session)).toEqual({ kind: 'present', value: { exitCode: 2 } });
});

test.each([
  ['0', 0],
  ['0\n', 0],
  [' 137 \r\n', 137],
  ['-1', -1],
  ['+3', 3],
  ['-0', 0],
  ['2147483647', 2147483647],
])('the legacy marker %j is a bare integer', (text, exitCode) => {
  expect(readCompletion(sessionWith('.complete', text))).toEqual({ kind: 'present', value: { exitCode } });
});

test.each([
  '',
  '\n',
  'done',
  '0x10',
  '1.0',
  '1 2',
  '٣',
  '2147483648',
  '9999999999',
  '99999999999',
  '\uFEFF0',
  '0\u00A0',
])('the legacy marker %j is unreadable', (text) => {
  expect(readCompletion(sessionWith('.complete', text)).kind).toBe('unreadable');
});

test('the packets of an older program are read', () => {
  const { dir } = materialize('18-legacy-complete-marker');
  expect(readCompletion(openNamedDirectory(dir))).toEqual({ kind: 'present', value: { exitCode: 0 } });
  const failed = materialize('06-completion-failure-only');
  expect(readCompletion(openNamedDirectory(failed.dir))).toMatchObject({ kind: 'present', value: { exitCode: 2 } });
  expect(readFileSync(join(failed.dir, 'daemon-completion.toml'), 'utf8')).toContain('exit_code = 2');
});
