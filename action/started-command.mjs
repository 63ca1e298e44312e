// The command that a session of the action runs, and the environment in which it does.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @param {string} run lines of shell @returns {string[]} as the runner itself runs the lines of a step */
export function shellWords(run, env) {
  if (hasProgram('bash', env)) return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', '--', run];
  return ['sh', '-e', '-c', '--', run];
}

/**
 * Without what is the action's own: a session that wrote to the outputs of this step could forge the verdict.
 * @param {boolean} isDetached the runner ends whatever has its mark once the job is over
 */
export function commandEnvironment(env, isDetached) {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !name.startsWith('CSA_INPUT_') &&
      !['CSA_PROGRAM', 'GITHUB_OUTPUT', ...(isDetached ? ['RUNNER_TRACKING_ID'] : [])].includes(name),
  );
  return Object.fromEntries(kept);
}

function hasProgram(name, env) {
  return (env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
