// Renders a verdict and the end of a session's output as Markdown; whatever they hold stays text.

/** Of the step summary's 1 MiB the log takes a small part: characters, from its end. */
const MAX_LOG = 60_000;

/** @param {object} document what the wait answered @param {string} log the last lines of its output */
export function summaryText(document, log) {
  const rows = [
    ['session', document.session],
    ['verdict', document.wait_result],
    ['status', document.status],
    ['exit code', document.exit],
    ['reason', document.reason],
    ['waited', document.elapsed_ms === undefined ? undefined : `${Math.round(document.elapsed_ms / 1000)} s`],
    ['in short', document.summary ?? document.message],
  ].filter(([, value]) => value !== undefined && value !== null && value !== '');
  const table = rows.map(([name, value]) => `| ${name} | ${inert(String(value))} |`);
  return [`### csa session: ${title(document)}`, '', '| | |', '| --- | --- |', ...table, '', ...logLines(log)].join(
    '\n',
  );
}

/** @returns {string} one line of plain words */
export function title({ wait_result: result, status, exit }) {
  if (result === 'finished') return inert(`${status} (exit ${exit})`);
  return { alive: 'still alive', dead: 'dead, nothing recorded', interrupted: 'cancelled' }[result] ?? 'no answer';
}

/** Nothing of it is Markdown or HTML: every character that could be is written by its number. */
function inert(text) {
  return text.replace(/[\r\n]+/g, ' ').replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** A fence longer than any run of backticks in the text is ended by none of them. */
function logLines(log) {
  const text = log.length > MAX_LOG ? log.slice(log.indexOf('\n', log.length - MAX_LOG) + 1) : log;
  if (text.trim() === '') return [];
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [
    '<details><summary>Its last lines</summary>',
    '',
    `${fence}text`,
    text.trimEnd(),
    fence,
    '',
    '</details>',
    '',
  ];
}
