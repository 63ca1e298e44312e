import { expect, test } from 'vitest';
import { parseReport, readReport } from './report.ts';
import { sessionWith } from './sessions.test.fixture.ts';

test('a report needs a status and an exit code, no more', () => {
  const session = sessionWith('output/result.toml', 'status = "success"\nexit_code = 0');
  expect(readReport(session)).toEqual({ kind: 'present', value: { status: 'success', exitCode: 0 } });
});

test('a summary comes along, a number in its place does not', () => {
  expect(parseReport('status = "failure"\nexit_code = 4\nsummary = "a\\nb"')).toHaveProperty('summary', 'a\nb');
  expect(parseReport('status = "failure"\nexit_code = 4\nsummary = 4')).not.toHaveProperty('summary');
});

test.each([
  ['empty', '', 'status is missing'],
  ['without a status', 'exit_code = 0', 'status is missing'],
  ['of an empty status', 'status = ""\nexit_code = 0', 'status is missing'],
  ['of a status that is no string', 'status = 0\nexit_code = 0', 'status is missing'],
  ['without an exit code', 'status = "success"', 'exit_code is missing'],
  ['of a float', 'status = "success"\nexit_code = 0.0', 'exit_code is missing'],
  ['past 32 bits', 'status = "success"\nexit_code = 4294967296', 'exit_code is missing'],
  ['of inherited keys', '[__proto__]\nstatus = "success"\nexit_code = 0', 'status is missing'],
  ['one try of several', 'status = "tier_failover_superseded"\nexit_code = 0', 'is not final'],
])('a report that is %s is unreadable', (_what, text, why) => {
  const reading = readReport(sessionWith('output/result.toml', text));
  expect(reading).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) });
});
