import { ownValue, projectConfigPath, userConfigPath } from '@csa/session';
import { readTable } from '../config/config.ts';
import { isHook, MAX_HOOKS } from './hook-words.ts';

export interface ConfiguredHooks {
  /** Shell commands, in the order of the file. */
  readonly commands: readonly string[];
  /** For stderr; a bad config never makes a start fail. */
  readonly warnings: readonly string[];
}

/**
 * `[hooks] session_finished` of the user's config, a string or an array of them. A project's own config has no say: who
 * checks out a repository must not run its commands. Nor does it count inside of a hook: one that starts a session
 * would set itself off for ever.
 */
export function configuredHooks(env: NodeJS.ProcessEnv, project: string): ConfiguredHooks {
  const warnings = warningsOfProject(projectConfigPath(project));
  if (env['CSA_HOOK']) return { commands: [], warnings };
  const path = userConfigPath(env);
  const table = readTable(path, warnings);
  const value = ownValue(ownValue(table, 'hooks'), 'session_finished');
  if (value === undefined) return { commands: [], warnings };
  const commands = typeof value === 'string' ? [value] : value;
  if (isHooks(commands)) return { commands, warnings };
  const expected = `a command, or an array of at most ${MAX_HOOKS} commands`;
  return {
    commands: [],
    warnings: [...warnings, `${path}: hooks.session_finished must be ${expected}; it is ignored`],
  };
}

function warningsOfProject(path: string): string[] {
  const hooks = ownValue(readTable(path, []), 'hooks');
  return hooks === undefined ? [] : [`${path}: [hooks] counts only in the user's own config; it is ignored`];
}

function isHooks(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length <= MAX_HOOKS && value.every((item) => typeof item === 'string' && isHook(item))
  );
}
