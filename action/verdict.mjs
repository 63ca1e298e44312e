// The last step: fails as the verdict says, with its exit code.
import { readSwitch } from './inputs.mjs';
import { title } from './summary-text.mjs';
import { annotate } from './workflow-commands.mjs';

try {
  const document = JSON.parse(process.env.CSA_DOCUMENT ?? '');
  const mayFail = readSwitch('fail-on-failure', process.env.CSA_FAIL_ON_FAILURE ?? '');
  // Nobody knows how the session is: no output would say so to a step that only compares it with "failure".
  const isAnswer = ['finished', 'alive', 'dead'].includes(document.wait_result);
  if (document.exit !== 0) annotate(mayFail || !isAnswer ? 'error' : 'notice', sentence(document));
  process.exitCode = mayFail || !isAnswer ? document.exit : 0;
} catch (error) {
  annotate('error', error.message);
  process.exitCode = 125;
}

function sentence({ session, wait_result: result, status, exit, summary, message }) {
  const how = result === 'finished' ? `${status} (exit ${exit})` : title({ wait_result: result, status, exit });
  return [`${session ?? 'no session'}: ${how}`, summary ?? message].filter(Boolean).join(': ');
}
