import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionDirectory, type World } from '@csa/testkit';
import { onTestFinished } from 'vitest';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME = '2026-08-20T09:15:00.000Z';

/** An id of that time, in milliseconds since the epoch, with this end. */
export function idAt(time: number, end: string): string {
  let text = '';
  for (let rest = time, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return text + end.padStart(16, '0');
}

/** Makes many directories that are named like sessions and empty: what is looked at shows as dead. */
export function makeEmptySessions(world: World, count: number, newest: number): string[] {
  const ids = Array.from({ length: count }, (_, i) => idAt(newest - i, ''));
  for (const id of ids) makeDirectory(world, id);
  return ids;
}

/** Removed before the test's world is, which would look for the processes of each. */
function makeDirectory(world: World, id: string): string {
  const directory = sessionDirectory(world, id);
  mkdirSync(directory, { recursive: true });
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A session that ended long ago, as the older program leaves it. */
export function makeFinished(world: World, id: string, exitCode = 0, tool = 'codex'): void {
  const directory = makeDirectory(world, id);
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  const status = exitCode === 0 ? 'success' : 'failure';
  write('metadata.toml', `tool = "${tool}"\ntool_locked = true\n`);
  write(
    'result.toml',
    `status = "${status}"\nexit_code = ${exitCode}\nsummary = ""\ntool = "${tool}"\nstarted_at = "${TIME}"\ncompleted_at = "${TIME}"\n`,
  );
  write('daemon-completion.toml', `exit_code = ${exitCode}\nstatus = "${status}"\n`);
}

/** Sessions that nobody could have meant: whatever stands in the place of a record. */
export function makeHostile(world: World, newest: number): string[] {
  const plants: ReadonlyArray<(directory: string) => void> = [
    (directory) => writeFileSync(join(directory, 'result.toml'), '\u0000'.repeat(100)),
    (directory) => writeFileSync(join(directory, 'result.toml'), 'x = "'.repeat(300_000)),
    (directory) => mkdirSync(join(directory, 'result.toml')),
    (directory) => symlinkSync('/dev/zero', join(directory, 'state.toml')),
    (directory) => symlinkSync('/dev/tty', join(directory, 'stdout.log')),
    (directory) => writeFileSync(join(directory, 'daemon.pid'), `${'9'.repeat(4_000)}\n`),
    (directory) => writeFileSync(join(directory, 'metadata.toml'), Buffer.from([0xff, 0xfe, 0x00])),
    (directory) => writeFileSync(join(directory, 'resume-target.toml'), 'kind = "resume-wrapper"\n'),
  ];
  return plants.map((plant, i) => {
    const id = idAt(newest - i, '');
    plant(makeDirectory(world, id));
    return id;
  });
}
