import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { type CsaOptions, runCsa, sessionDirectory, until, type World } from '@csa/testkit';
import { expect } from 'vitest';

const GATE = 'go';

/** Start a command as a session; gives its id. */
export async function startJob(command: readonly string[], options: CsaOptions, flags: string[] = []): Promise<string> {
  const { code, stdout, stderr } = await runCsa(['session', 'start', ...flags, '--', ...command], options);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}\n$/);
  return stdout.trim();
}

/** Start a session that lives until its gate is opened, and then runs `script` (`exit 0` unless given). */
export function startGated(world: World, script = 'exit 0', flags: string[] = []): Promise<string> {
  return startJob(['sh', '-c', gated(script)], { world }, flags);
}

/** A script that waits for the gate of the world's project. */
export function gated(script: string): string {
  return `until [ -e ${GATE} ]; do sleep 0.05; done; ${script}`;
}

/** Let all gated sessions of the world's project go on. */
export function openGate(world: World): void {
  writeFileSync(join(world.project, GATE), '');
}

/** The whole text of one file of a session. */
export function sessionFile(world: World, id: string, name: string): string {
  return readFileSync(join(sessionDirectory(world, id), name), 'utf8');
}

export function supervisorPid(world: World, id: string): number {
  return Number(sessionFile(world, id, 'daemon.pid').split(' ')[0]);
}

/** The command's process, once the supervisor has recorded it. */
export async function commandPid(world: World, id: string): Promise<number> {
  await until(() => existsSync(join(sessionDirectory(world, id), 'command.pid')), 'command.pid');
  return Number(sessionFile(world, id, 'command.pid').split(' ')[0]);
}

/** The SESSION_STARTED marker on a start's standard error. */
export function startedMarker(stderr: string): ReadonlyMap<string, string> {
  const marker = parseMarkers(stderr).find(({ name }) => name === 'SESSION_STARTED');
  if (marker === undefined) throw new Error(`no SESSION_STARTED in ${stderr}`);
  return marker.attributes;
}
