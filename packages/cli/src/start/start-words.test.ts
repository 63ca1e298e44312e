import { describe, expect, it } from 'vitest';
import { reasonOf, refusalOf } from '../refusals.test.fixture.ts';
import { parseEnvironment, parseIdleLimit, parseMaxTime, splitCommand } from './start-words.ts';

describe('the command', () => {
  it.each<[string[], string[], string[]]>([
    [['--', 'npm', 'test'], [], ['npm', 'test']],
    [['--cd', '/x', '--', 'make'], ['--cd', '/x'], ['make']],
    [['--', 'a', '--', 'b'], [], ['a', '--', 'b']],
    [['--', '--', 'x'], [], ['--', 'x']],
    [['--', '--help'], [], ['--help']],
    [['--json', '--', 'x', '--json'], ['--json'], ['x', '--json']],
    [['--', 'x', ''], [], ['x', '']],
    [['--', ' '], [], [' ']],
    [['--', 'sh', '-c', 'a\nb; c'], [], ['sh', '-c', 'a\nb; c']],
  ])('is what follows the first --, unchanged: %j', (argv, before, command) => {
    const split = splitCommand(argv);
    expect(split.before).toEqual(before);
    expect(split.command([])).toEqual(command);
  });

  it.each<[string[], unknown[], string]>([
    [[], [], 'got no -- at all'],
    [['npm', 'test'], ['npm', 'test'], 'got the word "npm" without -- before it'],
    [['--cd', '/x'], [], 'got no -- at all'],
    [['--'], [], 'got nothing after --'],
    [['npm', '--'], ['npm'], 'got the word "npm" before --'],
    [['npm', '--', 'test'], ['npm'], 'got the word "npm" before --'],
    [['--', ''], [], 'got an empty word'],
    [['--', '', 'x'], [], 'got an empty word'],
    [['--', 'a\0b'], [], 'NUL'],
    [['--', 'a', 'b\0'], [], 'NUL'],
    [['-', '--', 'x'], ['-'], 'got the word "-" before --'],
  ])('is missing in %j', (argv, stray, got) => {
    const refusal = refusalOf(() => splitCommand(argv).command(stray));
    expect(refusal).toMatchObject({ reason: 'missing-command', detail: { command: ['session', 'start', '--help'] } });
    expect(refusal.message).toContain(got);
  });

  it('leaves the words that it was given as they are', () => {
    const argv = Object.freeze(['--tool', 'x', '--', 'y']);
    const { before } = splitCommand(argv);
    expect(before).toEqual(['--tool', 'x']);
    expect(argv).toHaveLength(4);
  });
});

describe('the time limit', () => {
  it.each([
    [undefined, undefined],
    ['1ms', 1],
    ['30m', 1_800_000],
    ['20d', 1_728_000_000],
  ])('%s is %s ms', (text, ms) => {
    expect(parseMaxTime(text)).toBe(ms);
  });

  it.each([
    ['0', 'out-of-range'],
    ['21d', 'out-of-range'],
    ['', 'bad-duration'],
    ['30000', 'bad-duration'],
  ])('%j is refused', (text, reason) => {
    expect(refusalOf(() => parseMaxTime(text))).toMatchObject({ reason });
    expect(refusalOf(() => parseMaxTime(text)).message).toContain('--max-time');
  });
});

describe('the idle limit', () => {
  it.each([
    [undefined, undefined],
    ['1s', 1_000],
    ['90', 90_000],
    ['20d', 1_728_000_000],
  ])('%s is %s ms', (text, ms) => {
    expect(parseIdleLimit(text, () => true)).toBe(ms);
  });

  it.each([
    ['0', 'out-of-range'],
    ['999ms', 'out-of-range'],
    ['21d', 'out-of-range'],
    ['', 'bad-duration'],
    ['soon', 'bad-duration'],
  ])('%j is refused', (text, reason) => {
    const refusal = refusalOf(() => parseIdleLimit(text, () => true));
    expect(refusal).toMatchObject({ reason });
    expect(refusal.message).toContain('--idle-timeout');
  });

  it('is refused where no CPU time can be seen, and nothing is looked at without it', () => {
    expect(reasonOf(() => parseIdleLimit('5m', () => false))).toBe('idle-unmeasurable');
    expect(parseIdleLimit(undefined, () => false)).toBeUndefined();
  });
});

describe('the environment', () => {
  it('is shown without its values also where -- was forgotten', () => {
    const { message } = refusalOf(() => splitCommand(['--env', 'TOKEN=secret', 'npm', 'test']));
    expect(message).not.toContain('secret');
  });

  it('takes the part after the first =, also an empty one and one of many lines', () => {
    expect(parseEnvironment(['A=1', '_b2==x=', 'C=', 'D=a\nb', 'A=2'], {})).toEqual({
      A: '2',
      _b2: '=x=',
      C: '',
      D: 'a\nb',
    });
    expect(parseEnvironment([], {})).toEqual({});
  });

  it('can name a variable as prototypes are named', () => {
    expect(Object.entries(parseEnvironment(['__proto__=x'], {}))).toEqual([['__proto__', 'x']]);
  });

  it('passes on by its name what the caller has, also an empty value', () => {
    const env = { TOKEN: 'secret', EMPTY: '' };
    expect(parseEnvironment(['TOKEN', 'EMPTY', 'A=1'], env)).toEqual({ TOKEN: 'secret', EMPTY: '', A: '1' });
    for (const name of ['A', 'toString', '__proto__', 'token', 'CSA_SESSION_ID']) {
      expect(reasonOf(() => parseEnvironment([name], { ...env, CSA_SESSION_ID: 'x' }))).toBe('bad-env');
    }
  });

  it.each(['', 'A', '=x', '1A=x', 'A-B=x', 'A B=x', ' A=x', 'Ä=x', 'A\n=x', 'A=x\0', 'CSA_SESSION_ID=x'])(
    'refuses %j',
    (text) => {
      expect(reasonOf(() => parseEnvironment(['OK=1', text], {}))).toBe('bad-env');
    },
  );

  it.each(['CSA_SESSION_ID', 'CSA_SESSION_DIR', 'CSA_RESULT_FILE'])('refuses %s, and never shows a value', (name) => {
    const { message } = refusalOf(() => parseEnvironment([`${name}=secret`], {}));
    expect(message).toContain(name);
    expect(message).not.toContain('secret');
  });
});
