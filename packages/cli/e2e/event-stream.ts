import { csa, type Running, type RunResult, runCsa, until, type World } from '@csa/testkit';
import { expect } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';

export interface Told {
  readonly id: string;
  readonly type: string;
  readonly session: string;
  readonly at: string;
  readonly next: { readonly cmd: string } | null;
  readonly [field: string]: unknown;
}

/** The events on a stdout, each checked by the schema. */
export function eventsIn(stdout: string): Told[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const event = JSON.parse(line) as Told;
    expect(faultsOf('session-event', event), line).toEqual([]);
    return event;
  });
}

/** `session events` to its end. */
export function events(world: World, ...flags: string[]): Promise<RunResult> {
  return runCsa(['session', 'events', ...flags], { world });
}

/** The ids that `session events --json` prints. */
export async function eventIds(world: World, ...flags: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await events(world, '--json', ...flags);
  expect([code, stderr]).toEqual([0, '']);
  return eventsIn(stdout).map(({ id }) => id);
}

export interface Follower extends Running {
  /** The ids that have arrived as whole lines. */
  readonly ids: () => string[];
  /** Waits for an event. */
  readonly sees: (id: string) => Promise<unknown>;
}

export function follow(world: World, ...flags: string[]): Follower {
  const running = csa(['session', 'events', '--follow', '--json', ...flags], { world });
  const ids = (): string[] => {
    const text = running.stdout();
    return eventsIn(text.slice(0, text.lastIndexOf('\n') + 1)).map(({ id }) => id);
  };
  return { ...running, ids, sees: (id) => until(() => ids().includes(id), id, 20_000) };
}
