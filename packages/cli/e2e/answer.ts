import { type Marker, parseMarkers } from '@csa/markers';
import { builtCsa, type CsaOptions, type RunResult, runCsa, testNode } from '@csa/testkit';
import { expect } from 'vitest';

/** What a wait answered, checked for all that holds for every wait. */
export interface Answer extends RunResult {
  /** the last line of stdout */
  readonly status: Marker;
  /** the marker before it of a finished session */
  readonly result: Marker | undefined;
}

const STATUS = /^SESSION_WAIT_(?:COMPLETED|KV_WARM|TIMEOUT|UNKNOWN|INTERRUPTED|ERROR)$/;
const LINE_BYTES = new Map([
  ['SESSION_WAIT_KV_WARM', 450],
  ['SESSION_RESULT', 700],
]);

/** Wait with the built csa. */
export async function waitFor(args: readonly string[], options: CsaOptions): Promise<Answer> {
  return answerOf(await runCsa(['session', 'wait', ...args], options));
}

/**
 * The answer of a wait that printed markers: nothing but whole markers on stdout, exactly one status marker, last; at
 * most one result before it, and only of a finished session; no control characters; lines within their bounds.
 */
export function answerOf(result: RunResult): Answer {
  const { stdout } = result;
  expect(stdout.endsWith(' -->\n'), `stdout ends with a marker:\n${stdout}\n${result.stderr}`).toBe(true);
  const lines = stdout.slice(0, -1).split('\n');
  const markers = parseMarkers(stdout);
  expect(markers, stdout).toHaveLength(lines.length);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
  const [status, before] = markers.toReversed();
  if (status === undefined) throw new Error('no marker');
  expect(status.name).toMatch(STATUS);
  expect(markers.filter(({ name }) => STATUS.test(name))).toHaveLength(1);
  expect(markers.filter(({ name }) => name === 'SESSION_RESULT')).toHaveLength(isCompleted(status) ? 1 : 0);
  if (isCompleted(status)) expect(before?.name).toBe('SESSION_RESULT');
  if (status.name === 'SESSION_WAIT_KV_WARM') expect(before?.name).toBe('CALLER_HINT');
  expectBounds(lines, markers);
  return { ...result, status, result: isCompleted(status) ? before : undefined };
}

/** An attribute's value. */
export function attribute(marker: Marker | undefined, key: string): string | undefined {
  return marker?.attributes.get(key);
}

/** An attribute that has to be there. */
export function needed(marker: Marker | undefined, key: string): string {
  const value = attribute(marker, key);
  if (value === undefined) throw new Error(`${marker?.name} has no ${key}`);
  return value;
}

/** The attributes named, as an object: for comparisons. */
export function attributes(marker: Marker | undefined, ...keys: string[]): Record<string, string | undefined> {
  return Object.fromEntries(keys.map((key) => [key, attribute(marker, key)]));
}

function isCompleted(status: Marker): boolean {
  return status.name === 'SESSION_WAIT_COMPLETED';
}

function expectBounds(lines: readonly string[], markers: readonly Marker[]): void {
  const bare = lines.map((line, i) => Buffer.byteLength(withoutPaths(line, markers[i])));
  for (const [i, bytes] of bare.entries()) {
    expect(bytes, lines[i]).toBeLessThanOrEqual(LINE_BYTES.get(markers[i]?.name ?? '') ?? 300);
  }
  expect(bare.reduce((sum, bytes) => sum + bytes + 1, 0)).toBeLessThanOrEqual(2_048);
}

/** A line without the paths of its commands, which no bound can be set to. */
function withoutPaths(line: string, marker: Marker | undefined): string {
  const directories = [...(marker?.attributes.values() ?? [])].flatMap(
    (value) => value.match(/(?<=--dir )(?:'(?:[^']|'\\'')*'|\S+)/g)?.map(escaped) ?? [],
  );
  return [...directories, testNode(), builtCsa].reduce((text, path) => text.replaceAll(path, ''), line);
}

function escaped(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
