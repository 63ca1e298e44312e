import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BriefPlaces, briefPlaces } from '@csa/brief';
import { builtCsa, type RunResult, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { isRunning, run } from './program.ts';

export const REFRESHER: string = join(dirname(builtCsa), 'csa-brief.js');
const PATIENCE_MS = 30_000;

/** What a refresh has told; only what tests ask for. */
export interface Told {
  readonly event: string;
  readonly trigger: string;
  readonly reason?: string;
  readonly error_type?: string;
}

/** A world in which a brief is refreshed as often as anybody asks for it, and asked for each `tickSec` or so. */
export function briskWorld(tickSec = 0): World {
  const world = temporaryWorld();
  return { ...world, env: { ...world.env, CSA_BRIEF: undefined, CSA_BRIEF_REFRESH_MIN_SEC: String(tickSec) } };
}

export function placesOf({ stateRoot, project }: World): BriefPlaces {
  return briefPlaces(stateRoot, project);
}

/** The brief as it stands there; empty where there is none. */
export function briefText(world: World): string {
  return textIn(placesOf(world).payload);
}

/** Whether payload and sidecar fit; a half, or two that do not, count as absent. */
export function briefIsWhole(world: World): boolean {
  const { payload, sidecar } = placesOf(world);
  if (!existsSync(payload) || !existsSync(sidecar)) return false;
  const digest = createHash('sha256').update(readFileSync(payload)).digest('hex');
  return JSON.parse(readFileSync(sidecar, 'utf8')).sha256 === digest;
}

/** Waits for the brief to say so. */
export function briefSays(world: World, pattern: RegExp): Promise<boolean> {
  return until(() => pattern.test(briefText(world)), `${pattern} in the brief:\n${briefText(world)}`, PATIENCE_MS);
}

export function toldOf(world: World): Told[] {
  const lines = textIn(join(placesOf(world).workshop, 'events.jsonl'))
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Told);
}

/** How each refresh ended that was told: `success`, `failed`, or why it was skipped. */
export function endsOf(told: readonly Told[]): string[] {
  const ends = told.filter(({ event }) => event !== 'brief_write_started');
  return ends.map(({ event, reason }) => reason ?? event.replace('brief_write_', ''));
}

export interface RefreshOptions {
  readonly trigger?: string;
  readonly project?: string;
  /** Words in front of the program, as of a debugger. */
  readonly before?: readonly string[];
}

/** Runs one refresher to its end, as a supervisor starts it. */
export function refresh(world: World, options: RefreshOptions = {}): Promise<RunResult> {
  const { trigger = 'reactive', project = world.project, before = [] } = options;
  const [first = '', ...rest] = [...before, testNode(), REFRESHER, trigger, project];
  return run([first, ...rest], { world });
}

/** The processes that refresh a brief of this world now. */
export function refreshersOf(world: World): number[] {
  const isOne = (name: string): boolean => {
    const [, script, , project] = textIn(`/proc/${name}/cmdline`).split('\0');
    return script === REFRESHER && project === world.project;
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOne(name));
  return pids.map(Number).filter(isRunning);
}

/** Waits until nobody is left who might write: neither the supervisor nor what it has woken. */
export async function untilQuiet(world: World, ...supervisors: number[]): Promise<void> {
  await until(() => !supervisors.some(isRunning), 'the end of the supervisors', PATIENCE_MS);
  await until(() => refreshersOf(world).length === 0, 'the end of the refreshers', PATIENCE_MS);
}

/** Empty where there is no such file, or no longer. */
function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
