import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { type BriefPlaces, briefPlaces } from '@csa/brief';
import { markCollected } from '@csa/brief/collected';
import { Claim } from '@csa/session';
import { builtCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { brief, briefDocument, idsIn, toldProject } from './brief-text.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { OWN_MOUNTS, run } from './program.ts';

const THEN = Date.parse('2026-03-01T00:00:00Z');
const END = { kind: 'finished', status: 'failure', exit: 4, completedAt: '2026-08-20T09:15:00.000Z' } as const;

/** A world with one session that nobody has collected. */
function told(): { world: World; id: string; places: BriefPlaces } {
  const world = temporaryWorld();
  const id = idAt(THEN, '');
  makeFinished(world, id, 4);
  return { world, id, places: briefPlaces(world.stateRoot, world.project) };
}

describe('a refresh by hand', () => {
  it('writes the file, says so, and prints what it says', async () => {
    const { world, places } = told();
    const { code, stdout, stderr } = await brief(world, '--refresh');
    expect([code, stdout]).toEqual([0, readFileSync(places.payload, 'utf8')]);
    expect(stderr).toBe(`csa: the brief was written, ${stdout.length} characters: ${places.payload}\n`);
    expect(statSync(places.payload).mode & 0o777).toBe(0o600);
  });

  it('tells programs what it did', async () => {
    const { world, id, places } = told();
    const nothing = { reason: null, error: null, rendered_chars: null, watermark: null, file: places.payload };
    const first = await briefDocument(world, '--refresh');
    expect(first.refresh).toMatchObject({
      ...nothing,
      outcome: 'written',
      rendered_chars: first.projects[0]?.text.length,
      watermark: { max_id: id },
    });
    expect(first.projects).toMatchObject([{ from: 'file', age_ms: expect.any(Number) }]);
    const second = await briefDocument(world, '--refresh');
    expect(second.refresh).toEqual({ ...nothing, outcome: 'skipped', reason: 'no_new_records' });
    expect(second.projects).toMatchObject([{ from: 'file', text: first.projects[0]?.text }]);
    expect((await toldProject(world)).from).toBe('live');
  });

  it('leaves a file that says the same as it is', async () => {
    const { world, places } = told();
    await brief(world, '--refresh');
    const before = statSync(places.payload, { bigint: true });
    // What has happened since is not of what the brief says.
    markCollected(places.workshop, idAt(THEN, '1'), END);
    expect((await briefDocument(world, '--refresh')).refresh).toMatchObject({ outcome: 'unchanged' });
    const after = statSync(places.payload, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
    markCollected(places.workshop, idAt(THEN, '2'), END);
    expect((await brief(world, '--refresh')).stderr).toMatch(/^csa: the brief says what it said before/);
  });

  it('keeps no file that says what is no longer so', async () => {
    const { world, id, places } = told();
    await brief(world, '--refresh');
    markCollected(places.workshop, id, END);
    const { code, stdout, stderr } = await brief(world, '--refresh');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Nothing to tell in /)]);
    expect(stderr).toContain('(empty_render)');
    expect([existsSync(places.payload), existsSync(places.sidecar)]).toEqual([false, false]);
  });

  it('waits for another one, not for ever, and tells what is so all the same', async () => {
    const { world, id, places } = told();
    mkdirSync(places.workshop, { recursive: true });
    await new Claim({ directory: places.workshop, name: 'lock' }, ['refresh']).take('refresh', Date.now() + 60_000);
    const { code, stdout, stderr } = await brief(world, '--refresh', '--verbose');
    expect([code, idsIn(stdout)]).toEqual([0, [id]]);
    expect(stderr).toMatch(/\(refresh_in_progress\)\ncache-absent: rendered live\n$/);
    expect(existsSync(places.payload)).toBe(false);
  });

  it('that cannot write fails, and tells what is so all the same', async () => {
    const { world, id } = told();
    const words = (flags: string) =>
      `mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME" && '${testNode()}' '${builtCsa}' session brief --refresh ${flags}`;
    const plain = await run([...OWN_MOUNTS, 'sh', '-c', words('')], { world });
    expect([plain.code, idsIn(plain.stdout)]).toEqual([125, [id]]);
    expect(plain.stderr).toMatch(/^csa: the brief could not be written: .*EROFS.*; what is printed is as it is now\n$/);
    const json = await run([...OWN_MOUNTS, 'sh', '-c', words('--json')], { world });
    const document = JSON.parse(json.stdout);
    expect([json.code, faultsOf('session-brief', document)]).toEqual([125, []]);
    expect(document.refresh).toMatchObject({ outcome: 'failed', error: expect.stringContaining('EROFS') });
  });

  it('makes the place for a project that has none', async () => {
    const world = temporaryWorld();
    const { code, stderr } = await brief(world, '--refresh');
    expect([code, stderr]).toEqual([0, expect.stringContaining('(empty_render)')]);
  });
});

describe('a brief that nobody can be given is an error', () => {
  it.each([
    [['--print-hook', 'gemini'], 'usage'],
    [['--print-hook', 'claude', '--json'], 'usage'],
    [['--all-projects', '--refresh'], 'usage'],
    [['--all-projects', '--cd', '.'], 'usage'],
    [['--cd', '/no/such/place'], 'invalid-directory'],
    [['01M0F77JH0BVPHYFAVF40A3GZ5'], 'usage'],
  ])('for %j', async (args, reason) => {
    const { code, stdout, stderr } = await brief(temporaryWorld(), ...args);
    expect([code, args.includes('--json') ? '' : stdout]).toEqual([125, '']);
    expect(stdout + stderr).toContain(args.includes('--json') ? `"reason":"${reason}"` : `reason=${reason}`);
  });

  it('that is lost on a full disk', async () => {
    const { world } = told();
    const { code, stderr } = await run(['sh', '-c', `'${testNode()}' '${builtCsa}' session brief >/dev/full`], {
      world,
    });
    expect([code, stderr]).toEqual([125, expect.stringContaining('could not be written to standard output')]);
  });
});
