import { writeSync } from 'node:fs';
import { errnoOf } from '@csa/session';
import { NO_ANSWER_EXIT } from './exit-code.ts';
import type { Report } from './report.ts';

const RETRY_MS = 5;
const STDOUT = 1;
const STDERR = 2;

/**
 * Writes a report and sets the exit code: the one place that ends a command. Written synchronously, so that nothing
 * is lost when the loop drains. A reader that went away changes nothing; a stdout that cannot be written fails a
 * command whose exit code says less than its lines.
 */
export function emit(report: Report): void {
  writeAll(STDERR, report.stderr);
  const written = writeAll(STDOUT, report.stdout);
  process.exitCode = written || !report.needsOutput ? report.exitCode : NO_ANSWER_EXIT;
}

/** Whether the lines arrived, or nobody wanted them any more. */
function writeAll(fd: number, lines: readonly string[]): boolean {
  if (lines.length === 0) return true;
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (code !== 'EAGAIN') return code === 'EPIPE';
      // The pipe is full and does not block: give its reader time.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return true;
}
