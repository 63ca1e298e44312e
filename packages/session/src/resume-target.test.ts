import { materialize } from '@csa/testkit';
import { expect, test } from 'vitest';
import { parseResumeTarget, readResumeTarget } from './resume-target.ts';
import { openNamedDirectory } from './session.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

test('the wrapper of an older program names its target', () => {
  const reading = readResumeTarget(openNamedDirectory(materialize('17-resume-alias').dir));
  expect(reading).toEqual({ kind: 'present', value: expect.stringMatching(/^[0-7][0-9A-Z]{25}$/) });
});

test('the target may be written in lower case', () => {
  expect(parseResumeTarget(`kind = "resume-wrapper"\ntarget_session_id = "${ID.toLowerCase()}"`)).toBe(ID);
});

test.each([
  ['no kind', `target_session_id = "${ID}"`, 'kind is missing'],
  ['another kind', `kind = "fork"\ntarget_session_id = "${ID}"`, 'kind is "fork"'],
  ['no target', 'kind = "resume-wrapper"', 'target_session_id is missing'],
  ['an empty target', 'kind = "resume-wrapper"\ntarget_session_id = ""', 'target_session_id is missing'],
  ['a number for a target', 'kind = "resume-wrapper"\ntarget_session_id = 1', 'target_session_id is missing'],
  ['a path', 'kind = "resume-wrapper"\ntarget_session_id = "../../x"', 'not a session id'],
  ['a prefix', 'kind = "resume-wrapper"\ntarget_session_id = "01M0F77"', 'only the beginning'],
  [
    'a letter that only looks like one',
    `kind = "resume-wrapper"\ntarget_session_id = "${ID.slice(0, 25)}ſ"`,
    'not a session id',
  ],
  ['inherited keys', `[__proto__]\nkind = "resume-wrapper"\ntarget_session_id = "${ID}"`, 'kind is missing'],
])('%s is refused', (_what, text, why) => {
  expect(() => parseResumeTarget(text)).toThrow(why);
});
