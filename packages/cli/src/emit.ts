import { NO_ANSWER_EXIT } from '@csa/calls';
import type { Report } from './report.ts';
import { type Writing, writeFully } from './write-fully.ts';

const STDOUT = 1;
const STDERR = 2;
const LOST =
  'csa: the answer could not be written to standard output (a full disk?). What is said above holds; what was started goes on.';

/**
 * Writes a report and sets the exit code: the one place that ends a command. Written synchronously, so that nothing
 * is lost when the loop drains. A reader that went away changes nothing; a stdout that cannot be written fails a
 * command whose exit code says less than its lines.
 */
export function emit(report: Report): void {
  const words = writeLines(STDERR, report.stderr);
  const answer = writeLines(STDOUT, report.stdout);
  const isLost = answer === 'failed' && report.needsOutput === true;
  if (isLost) writeLines(STDERR, [LOST]);
  process.exitCode = isLost ? NO_ANSWER_EXIT : report.exitCode;
  // Where everything else was printed before, the last words are the answer.
  if ((report.stdout.length === 0 ? words : answer) === 'written') tellShown(report);
}

/** The answer stands: not even a bug may put another one behind it. */
function tellShown({ onShown }: Report): void {
  try {
    onShown?.();
  } catch {
    // It is named once more by a brief, and that is all.
  }
}

function writeLines(fd: number, lines: readonly string[]): Writing {
  return lines.length === 0 ? 'written' : writeFully(fd, Buffer.from(`${lines.join('\n')}\n`, 'utf8'));
}
