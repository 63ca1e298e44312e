import { fromFile } from './candidates.ts';
import { readUserConfigFile } from './config-file.ts';
import { candidateWarnings, fileWarnings } from './file-warnings.ts';
import { SESSION_FINISHED } from './keys.ts';

export interface ConfiguredHooks {
  /** Lines of shell, in the order in which they are to run. */
  readonly commands: readonly string[];
  /** For people; a bad config never makes a command fail. */
  readonly warnings: readonly string[];
}

/** What is to run when a session has finished. A project's file is not even opened: a repository must not run commands. */
export function configuredHooks(env: NodeJS.ProcessEnv): ConfiguredHooks {
  const file = readUserConfigFile(env);
  const said = fromFile({ key: SESSION_FINISHED }, file);
  return {
    commands: said?.kind === 'usable' ? said.value : [],
    warnings: [...fileWarnings([file]), ...candidateWarnings(said === undefined ? [] : [said])],
  };
}
