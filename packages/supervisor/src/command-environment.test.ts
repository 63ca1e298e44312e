import { expect, test } from 'vitest';
import { commandEnvironment, type EnvironmentWish } from './command-environment.ts';

const SESSION = { id: '01M0F77JH0BVPHYFAVF40A3GZ5', directory: '/state/01M0F77JH0BVPHYFAVF40A3GZ5' };
const COOKIES = {
  CSA_SESSION_ID: SESSION.id,
  CSA_SESSION_DIR: SESSION.directory,
  CSA_RESULT_FILE: `${SESSION.directory}/output/result.toml`,
};
const MARKS = [
  'CLAUDECODE',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_CHILD_SESSION',
  'CODEX_CI',
  'CODEX_THREAD_ID',
  'CODEX_SESSION_ID',
  'GEMINI_CLI',
  'OPENCODE',
  'AI_AGENT',
];

function environment(wish: Partial<EnvironmentWish>): Record<string, string> {
  return commandEnvironment({ inherited: {}, added: {}, keepAgentMarks: false, clear: false, ...wish }, SESSION);
}

test.each(MARKS)('the mark %s of the calling agent is taken away, unless it is to be kept', (mark) => {
  const inherited = { [mark]: '1', PATH: '/bin' };
  expect(environment({ inherited })).toEqual({ PATH: '/bin', ...COOKIES });
  expect(environment({ inherited, keepAgentMarks: true })).toEqual({ [mark]: '1', PATH: '/bin', ...COOKIES });
});

test('a mark that was asked for is there', () => {
  expect(environment({ inherited: { CLAUDECODE: '1' }, added: { CLAUDECODE: '2' } })).toHaveProperty('CLAUDECODE', '2');
});

test('what was asked for wins over what is inherited', () => {
  expect(environment({ inherited: { A: 'old', B: 'b' }, added: { A: 'new' } })).toEqual({
    A: 'new',
    B: 'b',
    ...COOKIES,
  });
});

test("the session's own variables win over everything", () => {
  const other = { CSA_SESSION_ID: 'x', CSA_SESSION_DIR: 'x', CSA_RESULT_FILE: 'x' };
  expect(environment({ inherited: other, added: other })).toEqual(COOKIES);
});

test('a variable without a value is none', () => {
  expect(environment({ inherited: { A: undefined, B: '' } })).toEqual({ B: '', ...COOKIES });
});

test('a cleared environment holds PATH, PWD, what is added and where the session is, and no mark', () => {
  const inherited = { PATH: '/bin', PWD: '/work', HOME: '/home/me', TERM: 'x', CLAUDECODE: '1' };
  const added = { HOME: '/elsewhere', GREETING: 'hello' };
  const kept = { PATH: '/bin', PWD: '/work', HOME: '/elsewhere', GREETING: 'hello', ...COOKIES };
  expect(environment({ inherited, added, clear: true })).toEqual(kept);
  expect(environment({ inherited, added, clear: true, keepAgentMarks: true })).toEqual(kept);
  expect(environment({ inherited: { HOME: '/home/me' }, clear: true })).toEqual(COOKIES);
});
