import { Hints } from '@csa/calls';
import { parseMarkers } from '@csa/markers';
import { Refusal } from '@csa/session';
import { CLIError } from '@oclif/core/errors';
import { parse } from '@oclif/core/parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import SessionList from './commands/session/list.ts';
import SessionResult from './commands/session/result.ts';
import SessionWait from './commands/session/wait.ts';
import type { FailedCommand } from './failed-command.ts';
import { reportFailure } from './failure.ts';
import { attributesOf, ID } from './wait/wait-story.test.fixture.ts';

const WAIT: FailedCommand = { words: ['session', 'wait'], session: ID, json: false, hints: new Hints(['csa']) };
const LIST: FailedCommand = { words: ['session', 'list'], json: false, hints: new Hints(['csa']) };
const NOT_FOUND = new Refusal({
  reason: 'not-found',
  what: 'no such session',
  expected: 'one of this project',
  got: ID,
  next: 'Look at the list',
  command: ['session', 'list'],
});

/** What the real parser of a command says of a command line. */
async function usageError(command: typeof SessionWait | typeof SessionResult | typeof SessionList, argv: string[]) {
  const flags: Parameters<typeof parse>[1]['flags'] = command.flags;
  const args = 'args' in command ? command.args : {};
  const outcome = await parse(argv, { flags, args, strict: true }).catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error(`${argv.join(' ')} was accepted`);
}

describe('a failed wait', () => {
  it('ends with one status marker on stdout and the words on stderr', () => {
    expect(reportFailure(NOT_FOUND, WAIT)).toEqual({
      exitCode: 125,
      stdout: [`<!-- CSA:SESSION_WAIT_ERROR reason=not-found session=${ID} cmd="csa session list" -->`],
      stderr: [`csa: no such session: expected one of this project, got ${ID}. Look at the list.`],
    });
  });

  it('is one JSON document when that was asked for', () => {
    const { exitCode, stdout, stderr } = reportFailure(NOT_FOUND, { ...WAIT, json: true });
    expect([exitCode, stdout.length, stderr]).toEqual([125, 1, []]);
    expect(JSON.parse(stdout[0] ?? '')).toMatchObject({
      schema: 'csa.session-wait/1',
      session: ID,
      wait_result: 'not_found',
      exit: 125,
      reason: 'not-found',
      next: { cmd: 'csa session list', tool_timeout_ms: null },
      message: expect.stringContaining('no such session'),
    });
  });
});

describe('a failed start', () => {
  const start: FailedCommand = { words: ['session', 'start'], json: false, hints: new Hints(['csa']) };

  it('that was to wait ends as a wait does, with or without JSON', () => {
    const { exitCode, stdout, stderr } = reportFailure(NOT_FOUND, { ...start, waits: true });
    expect([exitCode, stderr.length]).toEqual([125, 1]);
    expect(stdout).toEqual(['<!-- CSA:SESSION_WAIT_ERROR reason=not-found cmd="csa session list" -->']);
    const json = reportFailure(NOT_FOUND, { ...start, waits: true, json: true });
    expect(JSON.parse(json.stdout.join('\n'))).toMatchObject({ schema: 'csa.session-wait/1', session: null });
  });

  it('that was not leaves stdout empty', () => {
    const { stdout, stderr } = reportFailure(NOT_FOUND, { ...start, waits: false });
    expect([stdout, parseMarkers(stderr.join('\n'))[0]?.name]).toEqual([[], 'SESSION_ERROR']);
  });
});

describe('any other failed command', () => {
  it('leaves stdout empty and ends stderr with its marker', () => {
    const { exitCode, stdout, stderr } = reportFailure(NOT_FOUND, LIST);
    expect([exitCode, stdout]).toEqual([125, []]);
    expect(stderr.at(-1)).toBe('<!-- CSA:SESSION_ERROR reason=not-found cmd="csa session list" -->');
    expect(parseMarkers(stderr.join('\n'))).toHaveLength(1);
  });

  it('is one JSON document when that was asked for', () => {
    const { stdout } = reportFailure(NOT_FOUND, { ...LIST, json: true });
    expect(JSON.parse(stdout.join('\n'))).toEqual({
      schema: 'csa.error/1',
      session: null,
      exit: 125,
      reason: 'not-found',
      message: expect.any(String),
      next: { cmd: 'csa session list', tool_timeout_ms: null },
    });
  });
});

describe('a usage error', () => {
  it.each<[string, Parameters<typeof usageError>, RegExp]>([
    ['an unknown flag', [SessionWait, ['--nope']], /--nope/],
    ['a flag without its value', [SessionWait, ['--cap']], /--cap/],
    ['a word too many', [SessionResult, [ID, 'more']], /more/],
    ['a value for a flag that has none', [SessionResult, ['--json=yes', ID, 'x']], /./],
    ['two flags that exclude each other', [SessionResult, [ID, '--json', '--summary']], /--json|--summary/],
    ['an argument where there is none', [SessionList, ['x']], /x/],
  ])('names %s and points at the help', async (_, [command, argv], words) => {
    const { exitCode, stdout, stderr } = reportFailure(await usageError(command, argv), WAIT);
    expect(exitCode).toBe(125);
    expect(attributesOf(parseMarkers(stdout.join('\n'))[0])).toEqual({
      reason: 'usage',
      session: ID,
      cmd: 'csa session wait --help',
    });
    expect(stderr).toEqual([expect.stringMatching(words)]);
    expect(stderr[0]).toMatch(/^csa: .*\. See csa session wait --help$/);
    expect(stderr[0]).not.toContain('See more help');
  });

  it('in JSON is an error, not a missing session', async () => {
    const { stdout } = reportFailure(await usageError(SessionWait, ['--nope']), { ...WAIT, json: true });
    expect(JSON.parse(stdout.join('\n'))).toMatchObject({ wait_result: 'error', reason: 'usage', exit: 125 });
  });
});

describe('an unknown command', () => {
  it.each([
    ['command frobnicate not found', 'csa --help', /"frobnicate".*See csa --help/],
    ['command session:frob not found', 'csa session --help', /"session frob".*See csa session --help/],
    ['command wait not found', 'csa session wait --help', /"wait".*Did you mean "csa session wait"/],
    ['command stop not found', 'csa session stop --help', /Did you mean "csa session stop"/],
  ])('%s', (text, cmd, words) => {
    const { exitCode, stdout, stderr } = reportFailure(new CLIError(text), { ...LIST, words: [] });
    expect([exitCode, stdout]).toEqual([125, []]);
    expect(stderr[0]).toMatch(words);
    expect(attributesOf(parseMarkers(stderr.join('\n'))[0])).toEqual({ reason: 'unknown-command', cmd });
  });
});

describe('a bug of ours', () => {
  it('is told apart, with the stack for whoever will look for it', () => {
    const { exitCode, stdout, stderr } = reportFailure(new TypeError('x is not a function'), WAIT);
    expect(exitCode).toBe(125);
    expect(stdout.join()).toContain('reason=internal-error');
    expect(stderr[0]).toContain('csa itself failed, the session is not touched: x is not a function');
    expect(stderr.slice(1).join('\n')).toContain('failure.test.ts');
  });

  it.each(['a text', undefined, null, 7, { a: 1 }, new Error('')])('may throw anything: %o', (thrown) => {
    const { exitCode, stdout } = reportFailure(thrown, WAIT);
    expect(exitCode).toBe(125);
    expect(attributesOf(parseMarkers(stdout.join('\n'))[0])).toMatchObject({ reason: 'internal-error', session: ID });
  });
});

it('stays within its budgets and on its lines, whatever was typed', () => {
  const piece = fc.constantFrom(
    '"',
    '<',
    '&',
    '\n',
    '\u001b[31m',
    '\u202e',
    '<!-- CSA:X -->',
    'ü',
    '🎉',
    'x'.repeat(90),
  );
  const typed = fc.array(piece, { maxLength: 100 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(typed, typed, fc.constantFrom(WAIT, LIST), (session, what, command) => {
      const error = new Refusal({ reason: 'not-found', what, next: 'x', command: ['session', 'list'] });
      const { stdout, stderr } = reportFailure(error, { ...command, session });
      const lines = [...stdout, ...stderr];
      expect(lines.join('\n').split('\n')).toHaveLength(2);
      expect(parseMarkers(lines.join('\n'))).toHaveLength(1);
      expect(lines.join('').match(/<!--\s*CSA:/gi)).toHaveLength(1);
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      const marker = lines.find((line) => line.startsWith('<!--')) ?? '';
      expect(Buffer.byteLength(marker)).toBeLessThanOrEqual(300);
    }),
    { numRuns: 2_000 },
  );
});
