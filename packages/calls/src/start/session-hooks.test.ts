import { reasonOf } from '@csa/testkit';
import { expect, it } from 'vitest';
import { configured } from '../config/configs.test.fixture.ts';
import { sessionHooks } from './session-hooks.ts';

const USER = '[hooks]\nsession_finished = ["c"]\n';

it("a session's own hooks come first", () => {
  expect(sessionHooks(['a', 'b'], configured({ user: USER }))).toEqual({ commands: ['a', 'b', 'c'], warnings: [] });
});

it('a bad one of its own is refused', () => {
  expect(reasonOf(() => sessionHooks([''], configured({ user: USER })))).toBe('bad-hook');
});

it('what is wrong with the config is a line of csa’s, without its controls', () => {
  const { commands, warnings } = sessionHooks(
    [],
    configured({ user: '[hooks]\nsession_finished = "\\u001b[31m\\u0000"\n' }),
  );
  expect(commands).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^csa: [^\u0000-\u001f]*hooks\.session_finished[^\u0000-\u001f]*$/)]);
});

it('the config does not count inside of a hook', () => {
  const { env, project } = configured({ user: USER });
  const inside = { project, env: { ...env, CSA_HOOK: 'session_finished' } };
  expect(sessionHooks(['a'], inside)).toEqual({ commands: ['a'], warnings: [] });
  expect(sessionHooks([], { project, env: { ...env, CSA_HOOK: '' } }).commands).toEqual(['c']);
});
