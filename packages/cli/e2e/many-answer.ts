import { type Marker, parseMarkers } from '@csa/markers';
import { builtCsa, type CsaOptions, type RunResult, runCsa, testNode } from '@csa/testkit';
import { expect } from 'vitest';

/** What a wait for several answered, checked for all that holds for every such wait. */
export interface ManyAnswer extends RunResult {
  /** The last line of stdout. */
  readonly status: Marker;
  /** The lines of the sessions. */
  readonly sessions: readonly Marker[];
}

const STATUS = /^SESSION_WAIT_(?:COMPLETED|KV_WARM|TIMEOUT|UNKNOWN|INTERRUPTED|ERROR)$/;
const LINE = /^SESSION_(?:RESULT|STATE)$/;

/** Wait for several with the built csa. */
export async function waitForAll(args: readonly string[], options: CsaOptions): Promise<ManyAnswer> {
  return manyAnswerOf(await runCsa(['session', 'wait', ...args], options));
}

/**
 * Nothing but whole markers on stdout: a line for each session at most, a hint where some live, one status marker,
 * last, whose exit is the process's; counts that agree with the lines; the whole within its bound.
 */
export function manyAnswerOf(result: RunResult): ManyAnswer {
  const { stdout, code } = result;
  const lines = stdout.slice(0, -1).split('\n');
  const markers = parseMarkers(stdout);
  expect(markers, `${stdout}\n${result.stderr}`).toHaveLength(lines.length);
  const status = markers.at(-1);
  if (status === undefined) throw new Error('no marker');
  expect(status.name).toMatch(STATUS);
  expect(markers.filter(({ name }) => STATUS.test(name))).toHaveLength(1);
  expect(status.attributes.get('exit')).toBe(String(code));
  expect(markers.some(({ name }) => name === 'CALLER_HINT')).toBe(status.name === 'SESSION_WAIT_KV_WARM');
  const sessions = markers.filter(({ name }) => LINE.test(name));
  const told = sessions.length + Number(status.attributes.get('omitted') ?? 0);
  expect(told, stdout).toBe(Number(status.attributes.get('sessions')));
  expect(Buffer.byteLength(withoutTyped(stdout)), stdout).toBeLessThanOrEqual(2_048);
  return { ...result, status, sessions };
}

/** Without what the caller typed or has: paths, and the ids that a command repeats. */
function withoutTyped(stdout: string): string {
  return [testNode(), builtCsa]
    .reduce((text, path) => text.replaceAll(path, ''), stdout)
    .replace(/ --(?:dir|cd) (?:'[^']*'|\S+)/g, '')
    .replace(/( session wait)(?: [0-9A-Z]{10,26})+/g, '$1');
}

/** Session and status of each line, in the order of the lines. */
export function told({ sessions }: ManyAnswer): string[] {
  return sessions.map(({ attributes }) => `${attributes.get('session')} ${attributes.get('status')}`);
}
