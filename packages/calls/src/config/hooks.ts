import { fromFile } from './candidates.ts';
import { type ConfigPlaces, readConfigFiles } from './config-file.ts';
import { candidateWarnings, fileWarnings } from './file-warnings.ts';
import { SESSION_FINISHED } from './keys.ts';

export interface ConfiguredHooks {
  /** Lines of shell, in the order in which they are to run. */
  readonly commands: readonly string[];
  /** For people; a bad config never makes a command fail. */
  readonly warnings: readonly string[];
}

/** What is to run when a session has finished, by the user's file: a repository must not run commands. */
export function configuredHooks(places: ConfigPlaces): ConfiguredHooks {
  const files = readConfigFiles(places);
  const user = files.find(({ scope }) => scope === 'user');
  const said = user === undefined ? undefined : fromFile({ key: SESSION_FINISHED }, user);
  return {
    commands: said?.kind === 'usable' ? said.value : [],
    warnings: [...fileWarnings(files), ...candidateWarnings(said === undefined ? [] : [said])],
  };
}
