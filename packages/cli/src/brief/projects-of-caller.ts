import { isAbsolute } from 'node:path';
import { lookupScope } from '@csa/calls';
import { type LookupScope, Refusal } from '@csa/session';

/**
 * The projects whose sessions a conversation may have started, without repetition. Claude Code runs its hooks where the
 * last command of the conversation has left its shell, and names the project beside it.
 * @throws Refusal reason=invalid-directory where none can be opened; no-home
 */
export function projectsOfCaller(cd: string | undefined, env: NodeJS.ProcessEnv): LookupScope[] {
  const named = env['CLAUDE_PROJECT_DIR'];
  const isNamed = cd === undefined && named !== undefined && isAbsolute(named);
  const scopes = isNamed ? openable([named, '.'], env) : [lookupScope(cd, env)];
  return Array.from(new Map(scopes.map((scope) => [scope.project, scope])).values());
}

/** The one directory may be gone where the other is not. */
function openable(directories: readonly string[], env: NodeJS.ProcessEnv): LookupScope[] {
  let trouble: Refusal | undefined;
  const scopes = directories.flatMap((directory) => {
    try {
      return [lookupScope(directory, env)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      trouble = error;
      return [];
    }
  });
  if (scopes.length === 0 && trouble !== undefined) throw trouble;
  return scopes;
}
