import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Placeholders } from './placeholders.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { sessionDirectory, sessionsDirectory, type World, worldAt } from './world.ts';

/** A fixture made live. */
export interface MaterializedFixture {
  /** the id to wait on */
  readonly session: string;
  /** the project's directory, for `--cd` */
  readonly cd: string;
  /** the session's directory */
  readonly dir: string;
  /** the world's environment */
  readonly env: NodeJS.ProcessEnv;
  /** the sleepers that play its processes, ended with the test */
  readonly pids: readonly number[];
  /** what EXPECT says */
  readonly expect: string;
  /** the world that it lives in, for `csa` and `runCsa` */
  readonly world: World;
}

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const CONFIG = '[kv_cache]\nlong_poll_seconds = 2\n\n[kv_cache.provider_ttls]\ncustom = 2\n';

/** The names of all fixtures, sorted. */
export function fixtureNames(): string[] {
  const entries = readdirSync(FIXTURES, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/**
 * Make a fixture live in a temporary world of its own: placeholders filled, the sleepers it needs started, files given
 * their age. Linux only where a fixture names a process, for the start ticks are read from /proc.
 *
 * @param fixture the name of a folder of `fixtures`, such as `01-finished-success`
 * @throws when there is no such fixture, or it holds an unknown placeholder
 */
export function materialize(fixture: string): MaterializedFixture {
  const expect = readFileSync(join(FIXTURES, fixture, 'EXPECT'), 'utf8').trim();
  const session = attribute(expect, /session=([0-9A-Z]{26})/);
  const world = fixtureWorld();
  const placeholders = new Placeholders(world, session);
  onTestFinished(() => placeholders.endSleepers());

  const template = join(FIXTURES, fixture, 'sessions');
  const modified = Date.now() / 1000 - Number(attribute(expect, /age=(\d+)/));
  bringToLife(template, sessionsDirectory(world), { fill: (text) => placeholders.fill(text), modified });
  return {
    session,
    cd: world.project,
    dir: sessionDirectory(world, session),
    env: world.env,
    pids: placeholders.pids,
    expect,
    world,
  };
}

/** Copy a tree, each text through `fill`, each entry last modified at `modified` (seconds since the epoch). */
function bringToLife(from: string, to: string, how: { fill: (text: string) => string; modified: number }): void {
  if (statSync(from).isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) bringToLife(join(from, name), join(to, name), how);
  } else {
    const mode = /std(?:out|err)\.log$/.test(to) ? 0o600 : 0o644;
    writeFileSync(to, how.fill(readFileSync(from, 'utf8')), { mode });
  }
  // After the children: writing them has just touched the directory.
  utimesSync(to, how.modified, how.modified);
}

/** The older program takes its cap from here; a cap given on the command line goes first. */
function fixtureWorld(): World {
  const base = temporaryDirectory();
  const world = worldAt(join(base, 'home'), join(base, 'project'));
  const config = join(world.home, '.config/cli-sub-agent');
  mkdirSync(world.project);
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'config.toml'), CONFIG);
  return world;
}

function attribute(expect: string, pattern: RegExp): string {
  const value = pattern.exec(expect)?.[1];
  if (value === undefined) throw new Error(`EXPECT has no ${pattern.source}: ${expect}`);
  return value;
}
