// The step that starts the session, or takes the one that is named, and waits; its outputs are the verdict.
import { constants } from 'node:os';
import { askCsa, documentOf, showLog, startCsa } from './csa.mjs';
import { readInputs } from './inputs.mjs';
import { commandEnvironment, shellWords } from './started-command.mjs';
import { troubleDocument } from './trouble.mjs';
import { annotate, setOutputs, stopCommands } from './workflow-commands.mjs';

/** The runner kills 10 s after its first signal; a stop takes a little longer than its grace. */
const GRACE = '4s';

const interruption = listenForSignals();

try {
  finish(await verdict(readInputs(process.env)));
} catch (error) {
  const document = troubleDocument(error);
  // Else the last step says so.
  if (interruption.signal !== undefined) annotate('error', document.message);
  finish(document);
}

/** The step itself succeeds: a later one fails as the verdict says, once the summary is written. */
function finish(document) {
  setOutputs({
    session: document.session ?? '',
    status: document.status ?? '',
    exit_code: String(document.exit),
    wait_result: document.wait_result ?? 'error',
    document: JSON.stringify(document),
  });
  const { signal } = interruption;
  if (signal !== undefined) process.exitCode = 128 + constants.signals[signal];
}

async function verdict(inputs) {
  const resumeCommands = stopCommands();
  try {
    const found = await findSession(inputs);
    if (found.session === null) return found;
    // At once: whoever is killed from here on has told of it.
    setOutputs({ session: found.session });
    const document = await waitFor(found.session, inputs);
    return mustStop(document, inputs) ? stopped(found.session, document) : document;
  } finally {
    resumeCommands();
  }
}

/** A session that could not be started is a document without one. */
async function findSession({ work, place, waitFlags, isDetached }) {
  if (work.kind === 'wait') return { session: work.session };
  const refusal = await refusalOf(waitFlags);
  if (refusal !== undefined) return { ...refusal, session: null };
  const words = ['session', 'start', '--json', ...place, ...work.flags, '--', ...shellWords(work.run, process.env)];
  return askCsa(words, commandEnvironment(process.env, isDetached));
}

/** Whether csa would wait like that, asked before anything runs: without a command it only reads the flags. */
async function refusalOf(waitFlags) {
  const document = await askCsa(['session', 'start', '--wait', ...waitFlags, '--']);
  return document.reason === 'missing-command' ? undefined : document;
}

async function waitFor(id, { place, waitFlags, showsLog, work }) {
  if (interruption.signal !== undefined) return interrupted(id);
  const log = showsLog ? showLog(id, work.kind === 'start' ? 'all' : '50') : undefined;
  const waiting = startCsa(['session', 'wait', id, ...place, ...waitFlags]);
  interruption.onSignal(waiting.kill);
  const document = documentOf((await waiting.ended).stdout);
  if (document.wait_result !== 'finished' && document.wait_result !== 'dead') log?.end();
  await log?.ended;
  return document;
}

function interrupted(id) {
  const exit = 128 + constants.signals[interruption.signal];
  return { session: id, wait_result: 'interrupted', status: null, exit, reason: null };
}

/** Nothing of this step's own runs on where the step was cancelled, or could not wait. */
function mustStop({ wait_result: result }, { isDetached, work }) {
  return work.kind === 'start' && !isDetached && (interruption.signal !== undefined || result === 'error');
}

/** What the step has to say stays what it was. */
async function stopped(session, document) {
  const { signal } = interruption;
  const reason = signal === undefined ? 'the step could not wait' : `the step was cancelled (${signal})`;
  const words = ['session', 'stop', session, '--grace', GRACE, '--reason', reason, '--json'];
  const { status } = await askCsa(words).catch(() => ({}));
  return { ...document, session, status: status ?? document.status };
}

/** Only the first signal counts: the runner sends more of them while the session is being stopped. */
function listenForSignals() {
  const state = { signal: undefined, act: () => {} };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (state.signal !== undefined) return;
      state.signal = signal;
      state.act(signal);
    });
  }
  return {
    get signal() {
      return state.signal;
    },
    onSignal(act) {
      state.act = act;
      if (state.signal !== undefined) act(state.signal);
    },
  };
}
