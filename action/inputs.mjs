// Reads the action's inputs from the environment: text that a workflow's author, or a stranger, has written.
import { Trouble } from './trouble.mjs';

/**
 * @param {NodeJS.ProcessEnv} env with a CSA_INPUT_ variable for each input
 * @returns the words for csa, and what is asked of the action itself
 * @throws {Trouble} where they contradict each other or are no such values
 */
export function readInputs(env) {
  const input = (name) => (env[`CSA_INPUT_${name}`] ?? '').trim();
  const [run, session] = [env.CSA_INPUT_RUN ?? '', input('SESSION')];
  if ((run.trim() === '') === (session === '')) {
    const got = session === '' ? 'neither' : 'both';
    throw new Trouble(`what to wait for is not clear: expected either run or session, got ${got}`);
  }
  if (session.startsWith('-')) {
    throw new Trouble(`the input session is no id: expected one that csa has printed, got ${JSON.stringify(session)}`);
  }
  return {
    work: session === '' ? { kind: 'start', run, flags: startFlags(input, env) } : { kind: 'wait', session },
    place: ['--cd', input('WORKING_DIRECTORY') || '.'],
    waitFlags: [...capFlags(input('MAX_WAIT')), '--alive-exit-code', input('ALIVE_EXIT_CODE') || '75', '--json'],
    isDetached: readSwitch('detach', input('DETACH')),
    showsLog: readSwitch('show-log', input('SHOW_LOG')),
    // The last step's, but nothing is to be started where that one could only fail.
    mayFail: readSwitch('fail-on-failure', input('FAIL_ON_FAILURE')),
  };
}

/** @param {string} name @param {string} value @returns {boolean} @throws {Trouble} */
export function readSwitch(name, value) {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Trouble(`the input ${name} is no switch: expected true or false, got ${JSON.stringify(value)}`);
}

/** Each flag is one word with its value, which may begin with a dash. */
function startFlags(input, env) {
  const labels = input('LABEL')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const description = input('DESCRIPTION') || [env.GITHUB_WORKFLOW, env.GITHUB_JOB].filter(Boolean).join(': ');
  return [
    ...(description === '' ? [] : [`--description=${description}`]),
    ...labels.map((label) => `--label=${label}`),
    ...(input('MAX_TIME') === '' ? [] : [`--max-time=${input('MAX_TIME')}`]),
  ];
}

function capFlags(maxWait) {
  return maxWait === '' || maxWait === 'until-done' ? ['--until-done'] : [`--cap=${maxWait}`];
}
