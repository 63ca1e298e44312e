import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectOf } from '@csa/session';
import { refusalOf, temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { projectsOfCaller } from './projects-of-caller.ts';

const HERE = projectOf('.');

/** `~` stands for a home of its own, in which there are `named` and a link to it. */
function projects(cd: string | undefined, named?: string): string[] {
  const home = temporaryDirectory();
  mkdirSync(join(home, 'named'));
  symlinkSync('named', join(home, 'link'));
  const at = (path: string): string => path.replace('~', home);
  const env = { HOME: home, ...(named === undefined ? {} : { CLAUDE_PROJECT_DIR: at(named) }) };
  const scopes = projectsOfCaller(cd === undefined ? undefined : at(cd), env);
  return scopes.map(({ project }) => project.replace(home, '~'));
}

it.each([
  ['the current one', undefined, undefined, [HERE]],
  ['what --cd says, and nothing else', '~/named', HERE, ['~/named']],
  ['what Claude Code names, then the current one', undefined, '~/named', ['~/named', HERE]],
  ['one that is both once', undefined, HERE, [HERE]],
  ['one by its real path', undefined, '~/link', ['~/named', HERE]],
  ['the current one where the named one is gone', undefined, '/no/such/place', [HERE]],
  ['the current one where the name is no path', undefined, 'named', [HERE]],
  ['the current one where nothing is named', undefined, '', [HERE]],
] as const)('a conversation’s projects are %s', (_, cd, named, wanted) => {
  expect(projects(cd, named)).toEqual(wanted);
});

it('a directory that was asked for and is not there is refused', () => {
  expect(refusalOf(() => projects('/no/such/place', '~/named')).reason).toBe('invalid-directory');
});
