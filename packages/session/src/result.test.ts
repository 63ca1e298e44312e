import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { materialize } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatResult, parseResult, readResult, type SessionResult } from './result.ts';
import { openNamedDirectory } from './session.ts';
import { RESULT, sessionWith } from './sessions.test.fixture.ts';
import { parseToml } from './toml.ts';

const LINES = {
  status: '"success"',
  exit_code: '0',
  summary: '"done"',
  tool: '"codex"',
  started_at: '"2026-08-20T09:15:03.771002118Z"',
  completed_at: '"2026-08-20T09:41:07+02:00"',
};

test('the six required keys are a result', () => {
  expect(parseResult(textOf({}))).toEqual({
    status: 'success',
    exitCode: 0,
    summary: 'done',
    tool: 'codex',
    startedAt: '2026-08-20T09:15:03.771002118Z',
    completedAt: '2026-08-20T09:41:07+02:00',
  });
});

test('the results that an older program left are read, unknown keys and all', () => {
  const { dir } = materialize('13-result-unknown-fields');
  const value = expect.objectContaining({
    status: 'success',
    exitCode: 0,
    processExitCode: 1,
    warnings: ['post-commit hook exited 1'],
  });
  expect(readResult(openNamedDirectory(dir))).toEqual({ kind: 'present', value });
});

test('artifacts may be strings and tables in one array', () => {
  const text = textOf({ artifacts: '["output/a.md", { path = "output/b.md", line_count = 3 }]' });
  expect(parseResult(text).exitCode).toBe(0);
});

describe.each(Object.keys(LINES))('%s is required', (key) => {
  test.each([
    ['missing', undefined],
    ['an array', '["x"]'],
    ['a boolean', 'true'],
    ['a native datetime', '2026-08-20T09:15:03Z'],
    ['a table', '{ a = 1 }'],
    ['without a value', ''],
    ['a float', '1.0'],
    ['a string where a number is meant, and the other way round', key === 'exit_code' ? '"0"' : '0'],
  ])('%s: unreadable', (_what, value) => {
    const reading = readResult(sessionWith('result.toml', textOf({ [key]: value })));
    expect(reading).toEqual({ kind: 'unreadable', why: expect.stringMatching(/./) });
  });
});

test.each(['status', 'started_at', 'completed_at'])('%s may not be empty', (key) => {
  expect(() => parseResult(textOf({ [key]: '""' }))).toThrow(`${key} is missing or no string`);
});

test.each(['summary', 'tool'])('%s may be empty', (key) => {
  expect(parseResult(textOf({ [key]: '""' }))).toHaveProperty(key, '');
});

test.each(['-2147483648', '-1', '0', '255', '256', '2147483647', '0x7f', '1_000'])('exit code %s is read', (value) => {
  expect(parseResult(textOf({ exit_code: value })).exitCode).toBe(Number(value.replace('_', '')));
});

test.each([
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '9223372036854775807',
  '18446744073709551616',
  '0.0',
  '1e2',
  'inf',
  'nan',
])('exit code %s is no 32-bit integer', (value) => {
  expect(() => parseResult(textOf({ exit_code: value }))).toThrow('exit_code is missing or no 32-bit integer');
});

test.each(['0.5', '2147483648', '"1"'])('a process exit code of %s is left out', (value) => {
  expect(parseResult(textOf({ raw_process_exit_code: value }))).not.toHaveProperty('processExitCode');
});

test.each([
  '2026-08-20T09:15:03Z',
  '2026-08-20t09:15:03z',
  '2026-08-20 09:15:03.1+00:00',
  '2016-12-31T23:59:60Z',
  '2024-02-29T00:00:00-23:59',
])('%s is a time', (time) => {
  expect(parseResult(textOf({ completed_at: `"${time}"` })).completedAt).toBe(time);
});

test.each([
  '2026-08-20T09:15:03',
  '2026-08-20',
  '2026-08-20T09:15Z',
  '20260820T091503Z',
  '2026-13-20T09:15:03Z',
  '2026-08-32T09:15:03Z',
  '2026-00-01T09:15:03Z',
  '2026-08-20T24:15:03Z',
  '2026-08-20T09:60:03Z',
  '2026-08-20T09:15:61Z',
  '2026-08-20T09:15:03+24:00',
  '2026-08-20T09:15:03Z\\n',
  '٢026-08-20T09:15:03Z',
])('%s is no time', (time) => {
  expect(() => parseResult(textOf({ completed_at: `"${time}"` }))).toThrow('completed_at is no RFC 3339 time');
});

test('keys that name a part of every object say nothing', () => {
  const hostile = `${textOf({ status: undefined })}[__proto__]\nstatus = "success"\n[constructor]\nstatus = "success"\n`;
  expect(() => parseResult(hostile)).toThrow('status is missing');
  expect(parseResult(`${textOf({})}[__proto__]\nexit_code = 5\n`).exitCode).toBe(0);
});

test.each([
  ['empty', ''],
  ['blank', '\n\n'],
  ['no TOML', 'status = "success'],
  ['one key twice', `${textOf({})}exit_code = 1\n`],
  ['a nesting bomb', `${textOf({})}k = ${'['.repeat(1_000_000)}`],
  ['a nesting bomb that is whole', `${textOf({})}k = ${'['.repeat(400_000)}${']'.repeat(400_000)}\n`],
  ['with a byte-order mark', `\uFEFF${textOf({})}`],
])('a file that is %s is unreadable, never absent', (_what, text) => {
  expect(readResult(sessionWith('result.toml', text)).kind).toBe('unreadable');
});

describe('a result cut anywhere never says anything else', () => {
  test('ours', () => checkEveryBeginning(formatResult(RESULT)));

  test('ours with a number at its end', () => {
    const { warnings, reason, ...rest } = RESULT;
    checkEveryBeginning(formatResult({ ...rest, processExitCode: 137 }));
  });

  test('one with the exit code last', () =>
    checkEveryBeginning(`${textOf({ exit_code: undefined })}exit_code = 137\n`));

  test.each(['01-finished-success', '02-finished-failure-exit3', '13-result-unknown-fields'])('%s', (fixture) => {
    checkEveryBeginning(readFileSync(join(materialize(fixture).dir, 'result.toml'), 'utf8'));
  });
});

test('a result is read back as it was written', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', '\n', '\u001B', 'é') }),
  );
  const code = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const time = fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
    .map((at) => at.toISOString());
  const results: fc.Arbitrary<SessionResult> = fc.record(
    {
      status: text.filter((status) => status !== ''),
      exitCode: code,
      summary: text,
      tool: text,
      startedAt: time,
      completedAt: time,
      processExitCode: code,
      reason: text,
      warnings: fc.array(text, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['status', 'exitCode', 'summary', 'tool', 'startedAt', 'completedAt'] },
  );
  fc.assert(
    fc.property(results, (result) => {
      expect(parseResult(formatResult(result))).toEqual(result);
    }),
    { numRuns: 500 },
  );
});

test('times are written as strings, which the older reader wants', () => {
  const table = parseToml(formatResult(RESULT));
  expect(table['started_at']).toBe(RESULT.startedAt);
  expect(table['completed_at']).toBe(RESULT.completedAt);
});

function textOf(changes: Record<string, string | undefined>): string {
  const lines: [string, string | undefined][] = Object.entries({ ...LINES, ...changes });
  return lines.map(([key, value]) => (value === undefined ? '' : `${key} = ${value}\n`)).join('');
}

/** Cut bytewise: a cut inside of a character is no UTF-8. A key that is lost is allowed, one that changes is not. */
function checkEveryBeginning(text: string): void {
  const bytes = Buffer.from(text);
  const whole = parseResult(text);
  let read = 0;
  for (let length = 0; length < bytes.length; length += 1) {
    const cut = parsed(bytes.subarray(0, length).toString());
    if (cut === undefined) continue;
    read += 1;
    expect({ length, ...whole, ...cut }).toEqual({ length, ...whole });
  }
  expect(read).toBeLessThan(bytes.length / 2);
}

function parsed(text: string): SessionResult | undefined {
  try {
    return parseResult(text);
  } catch {
    return undefined;
  }
}
