// The step that writes the step summary; it never fails, because the verdict is what counts.
import { appendFileSync } from 'node:fs';
import { startCsa } from './csa.mjs';
import { summaryText } from './summary-text.mjs';
import { annotate, stopCommands } from './workflow-commands.mjs';

const { CSA_DOCUMENT: text, CSA_TAIL: tail = '50', GITHUB_STEP_SUMMARY: file } = process.env;

if (text && file) {
  try {
    const document = JSON.parse(text);
    appendFileSync(file, `${summaryText(document, await lastLines(document))}\n`);
  } catch (error) {
    annotate('warning', `the step summary could not be written: ${error.message}`);
  }
}

async function lastLines({ session, wait_result: result }) {
  if (!session || tail === '0' || result === 'not_found' || result === 'error') return '';
  const resumeCommands = stopCommands();
  try {
    return (await startCsa(['session', 'logs', session, `--tail=${tail}`]).ended).stdout;
  } finally {
    resumeCommands();
  }
}
