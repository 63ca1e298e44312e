import { parseMarkers } from '@csa/markers';
import { csa, type Running, type RunResult, runCsa, until, type World } from '@csa/testkit';
import { expect } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { type Answer, answerOf, attribute } from './answer.ts';
import { gated, startedMarker } from './job.ts';

/** A command that waits for the gate of its world, prints a line and fails. */
export const GATED: readonly string[] = ['--', 'sh', '-c', gated('echo built; exit 3')];

/** What a start with --wait said: nothing but a wait's markers on stdout, and the id on stderr before. */
export function startAnswer(result: RunResult): Answer & { id: string } {
  const answer = answerOf(result);
  const id = startedMarker(result.stderr).get('id') ?? '';
  expect([attribute(answer.status, 'session'), result.stdout.includes(`\n${id}\n`)]).toEqual([id, false]);
  return { ...answer, id };
}

export async function startAndWait(
  world: World,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Answer & { id: string }> {
  return startAnswer(await runCsa(['session', 'start', '--wait', ...args], { world, env }));
}

/** A start that surely waits: its heartbeat has been seen. */
export async function waiting(world: World, flags: readonly string[] = []): Promise<{ starter: Running; id: string }> {
  const starter = csa(['session', 'start', '--wait', '--heartbeat', '1s', ...flags, ...GATED], { world });
  await until(() => /^waiting/m.test(starter.stderr()), 'a heartbeat');
  return { starter, id: /[0-7][0-9A-HJKMNP-TV-Z]{25}/.exec(starter.stderr())?.[0] ?? '' };
}

export async function sessionsOf(world: World): Promise<{ readonly id: string }[]> {
  const { stdout } = await runCsa(['session', 'list', '--json'], { world });
  return (JSON.parse(stdout) as { sessions: { id: string }[] }).sessions;
}

/** The one document on stdout, whole and by its schema; stderr has no marker. */
export function documentOf(schema: string, { code, stdout, stderr }: RunResult): Record<string, unknown> {
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  const document = JSON.parse(stdout) as Record<string, unknown>;
  expect(faultsOf(schema, document)).toEqual([]);
  expect([document['exit'] ?? code, parseMarkers(stderr)]).toEqual([code, []]);
  return document;
}
