// What a step says to the runner: outputs in a file, annotations and pauses on standard output.
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeSync } from 'node:fs';

/**
 * Leaves outputs of this step; the last value of a name counts.
 * @param {Record<string, string>} values any text: what ends a value is random, so that no value can hold it
 */
export function setOutputs(values) {
  const file = process.env.GITHUB_OUTPUT;
  if (!file) return;
  const end = `end-${randomUUID()}`;
  const lines = Object.entries(values).map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`);
  appendFileSync(file, lines.join(''));
}

/** @param {'error' | 'warning' | 'notice'} level @param {string} text any text */
export function annotate(level, text) {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  writeSync(1, `::${level} title=csa::${escaped}\n`);
}

/**
 * From here on the runner takes nothing on standard output for a command to it, whatever a session prints. Standard
 * error has to go the same way: the runner reads the two side by side.
 * @returns {() => void} ends that
 */
export function stopCommands() {
  const token = randomUUID();
  writeSync(1, `::stop-commands::${token}\n`);
  // What was killed may have left half a line.
  return () => void writeSync(1, `\n::${token}::\n`);
}
