import { type Candidate, fromFile } from './candidates.ts';
import type { ConfigFile } from './config-file.ts';
import { CONFIG_KEYS } from './keys.ts';
import { mistakeWarnings } from './unknown-keys.ts';

/** What is wrong with the files themselves: each is one line, and none of it keeps a command from going on. */
export function fileWarnings(files: readonly ConfigFile[]): string[] {
  return files.flatMap((file) => {
    switch (file.state) {
      case 'unusable':
        return [`the config file ${file.path} cannot be used: ${file.why}; going on without it`];
      case 'nowhere':
        return file.scope === 'user' ? [`the user's config file cannot be found: ${file.why}`] : [];
      default:
        return [...mistakeWarnings(file), ...misplacedWarnings(file)];
    }
  });
}

/** What a project's file says although it has no say in it. */
function misplacedWarnings(file: ConfigFile): string[] {
  if (file.scope !== 'project') return [];
  const said = CONFIG_KEYS.filter(({ files }) => files === 'user').map((key) => fromFile({ key }, file));
  return candidateWarnings(said.filter((candidate) => candidate !== undefined));
}

/** What is wrong with what was said of a setting. */
export function candidateWarnings(candidates: ReadonlyArray<Candidate<unknown>>): string[] {
  return candidates.flatMap((candidate) => (candidate.kind === 'unusable' ? [candidate.why] : []));
}
