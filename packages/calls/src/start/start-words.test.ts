import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { parseEnvironment, parseIdleLimit, parseMaxTime } from './start-words.ts';

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
