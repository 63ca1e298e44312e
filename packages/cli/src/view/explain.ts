import { cleanLine } from '@csa/markers';
import type { Facts, WaitEnd } from '@csa/wait';

const MAX_LINE_BYTES = 300;

/** The facts of a verdict, one line each; what stands in a record is anybody's text. */
export function describeFacts(facts: Facts): string[] {
  return factLines(facts).map((line) => cleanLine(line, MAX_LINE_BYTES));
}

function factLines(facts: Facts): string[] {
  const { daemon, completion, result } = facts;
  return [
    `daemon: ${daemon.state}${daemon.state === 'unknown' ? ` (${daemon.reason})` : ''}`,
    `completion: ${describeReading(completion)}${completion.kind === 'present' ? `, exit code ${completion.value.exitCode}` : ''}`,
    `result: ${describeReading(result)}${result.kind === 'present' ? `, ${result.value.status}, exit code ${result.value.exitCode}` : ''}`,
    `published once: ${facts.publishedOnce ? 'yes, the first result is the last' : 'no, a living daemon may rewrite its result'}`,
  ];
}

/** The row of the decision table that the facts met, in words. */
export function describeRow(end: WaitEnd): string {
  switch (end.kind) {
    case 'finished':
      return finishedRow(end.source, end.reason);
    case 'alive':
      return 'no final result, daemon alive: alive';
    case 'dead':
      return 'no result, no completion, daemon dead: dead with nothing recorded';
    case 'undetermined':
      return end.reason === 'io-error'
        ? 'the file that would decide cannot be read: nothing can be said'
        : `no final result, liveness unknown (${end.reason}): nothing can be said`;
    case 'lost':
      return 'the directory was removed or replaced: nothing can be said';
    case 'alias-trouble':
      return `the session stands for another that cannot be followed (${end.reason}): nothing can be said`;
    case 'interrupted':
      return 'the look was interrupted';
  }
}

function finishedRow(source: 'result' | 'daemon-completion', reason: string | undefined): string {
  if (reason !== undefined) return `daemon dead, ${reason}: a failure`;
  return source === 'result'
    ? 'a final result: its outcome'
    : 'no result, daemon dead, completion with a failure: that failure';
}

function describeReading(reading: Facts['result'] | Facts['completion']): string {
  switch (reading.kind) {
    case 'absent':
    case 'present':
      return reading.kind;
    case 'unreadable':
      return `unreadable (${reading.why})`;
    case 'error':
      return `cannot be read now (${reading.code})`;
  }
}
