import { fileURLToPath } from 'node:url';
import { Hints, programWords } from '@csa/calls';

const CSA_SCRIPT = fileURLToPath(new URL('../bin/csa.js', import.meta.url));
/** The executable that runs a session. */
export const SUPERVISOR_SCRIPT: string = fileURLToPath(new URL('../bin/csa-supervisor.js', import.meta.url));

/** The words with which a fresh shell starts this very program. */
export function ownWords(env: NodeJS.ProcessEnv): string[] {
  return programWords(CSA_SCRIPT, env);
}

/** Commands of this very program. */
export function ownHints(env: NodeJS.ProcessEnv): Hints {
  return new Hints(ownWords(env));
}
