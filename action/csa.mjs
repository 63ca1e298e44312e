// Runs csa; what it says to people goes to standard output, in the order in which it is said.
import { spawn } from 'node:child_process';

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] @returns a process whose standard output is collected */
export function startCsa(args, env = process.env) {
  // A group of its own: a signal to ours is answered by us alone.
  const child = spawn(program(), args, { env, stdio: ['ignore', 'pipe', 1], detached: true });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout: text }));
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}

/** @returns {Promise<object>} the one document that csa prints for these words @throws {Error} where it prints none */
export async function askCsa(args, env) {
  return documentOf((await startCsa(args, env).ended).stdout);
}

/** @param {string} text @throws {Error} where it is no document */
export function documentOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`csa has not answered: expected a JSON document, got ${JSON.stringify(text.slice(0, 200))}`);
  }
}

/** Prints a session's output as it comes, until the session has ended or `end` is called. */
export function showLog(id, tail) {
  const args = ['session', 'logs', id, '--follow', `--tail=${tail}`];
  const child = spawn(program(), args, { stdio: ['ignore', 1, 'ignore'], detached: true });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  return { ended, end: () => void child.kill('SIGTERM') };
}

function program() {
  return process.env.CSA_PROGRAM || 'csa';
}
