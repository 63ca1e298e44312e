// An empty folder and an empty home, into which the packed csa is installed with plain npm.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endSession, type RunResult, testNode, type World } from '@csa/testkit';
import { type FixtureRegistry, startRegistry } from './fixture-registry.ts';
import { type Installed, installedPackages } from './installed-packages.ts';
import { type Packed, packAll } from './published-packages.ts';

/** What a test works with; `remove` ends the sessions that it names, and takes all of it away. */
export interface EmptyFolder {
  /** `project` is the folder */
  readonly world: World;
  readonly packed: readonly Packed[];
  readonly others: readonly Installed[];
  readonly registry: FixtureRegistry;
  remove(sessions?: readonly string[]): void;
}

/** An empty folder, and a registry that holds csa. */
export async function emptyFolder(): Promise<EmptyFolder> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'csa-install-')));
  const place = (name: string): string => {
    mkdirSync(join(base, name));
    return join(base, name);
  };
  const packed = packAll(place('tarballs'));
  const others = installedPackages();
  const registry = await startRegistry(packed, others, place('workshop'));
  const bin = place('bin');
  symlinkSync(testNode(), join(bin, 'node'));
  const world = worldOf(place('home'), place('folder'), { bin, registry: registry.url });
  const remove = (sessions: readonly string[] = []): void => {
    for (const id of sessions) endSession(world, id);
    registry.close();
    rmSync(base, { recursive: true, force: true, maxRetries: 10 });
  };
  return { world, packed, others, registry, remove };
}

/** Runs a program in the folder to its end; `input` is its standard input. */
export function runIn(
  { world }: EmptyFolder,
  [program, ...args]: readonly [string, ...string[]],
  options: { cwd?: string; input?: string } = {},
): Promise<RunResult> {
  const child = spawn(program, args, { cwd: options.cwd ?? world.project, env: world.env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

function worldOf(home: string, project: string, { bin, registry }: { bin: string; registry: string }): World {
  const stateHome = join(home, '.local/state');
  return {
    home,
    project,
    stateRoot: join(stateHome, 'cli-sub-agent'),
    env: {
      PATH: [bin, ...pathOfOthers()].join(delimiter),
      HOME: home,
      XDG_STATE_HOME: stateHome,
      LANG: 'C.UTF-8',
      CSA_BRIEF: 'off',
      npm_config_registry: registry,
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    },
  };
}

/** Without the programs of this workspace: a csa that is found is the one that was installed. */
function pathOfOthers(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
}
