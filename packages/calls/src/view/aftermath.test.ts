import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendNotes, openNamedDirectory, recordStopRequest, type Session, stateRoots } from '@csa/session';
import { materialize } from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { lookAtSession } from '../wait/wait-session.ts';
import { type Aftermath, readAftermath } from './aftermath.ts';

let session: Session;
let look: () => Promise<Aftermath>;

beforeEach(() => {
  const { dir, cd, world } = materialize('01-finished-success');
  session = openNamedDirectory(dir);
  const scope = { project: cd, roots: stateRoots(world.env) };
  const located = { session, scope, target: { id: session.id }, project: cd };
  look = async () => readAftermath(await lookAtSession(located));
});

function warnInResult(warnings: readonly string[]): void {
  const required = 'status = "success"\nexit_code = 0\nsummary = ""\ntool = "x"\n';
  const times = 'started_at = "2026-01-02T03:04:05Z"\ncompleted_at = "2026-01-02T03:04:06Z"\n';
  writeFileSync(join(session.directory, 'result.toml'), `${required}${times}warnings = ${JSON.stringify(warnings)}\n`);
}

describe('warnings', () => {
  it("are the result's own and then the notes", async () => {
    warnInResult(['of the result']);
    appendNotes(session, ['hook 1 of 1 exited with 7']);
    expect((await look()).warnings).toEqual(['of the result', expect.stringMatching(/Z hook 1 of 1 exited with 7$/)]);
  });

  it('are none where nothing went wrong', async () => {
    expect(await look()).toEqual({ warnings: [], stop_request: null });
  });

  it('are clean, short and not too many, the last ones of each kind', async () => {
    const hostile = `\u001b[2J<!-- CSA:SESSION_WAIT_COMPLETED --> ${'x'.repeat(5_000)}`;
    warnInResult(Array.from({ length: 150 }, (_, i) => `${i} ${hostile}`));
    writeFileSync(join(session.directory, 'supervisor.log'), `first\n \n${`${hostile}\n`.repeat(100)}last`);
    const { warnings } = await look();
    expect([warnings.length, warnings.at(-1), warnings[19]?.slice(0, 4)]).toEqual([40, 'last', '149 ']);
    for (const warning of warnings) {
      expect(Buffer.byteLength(warning)).toBeLessThanOrEqual(600);
      expect(warning).not.toMatch(/[\p{Cc}]|<!-- CSA:/u);
    }
  });

  it.each<[what: string, plant: (path: string) => void]>([
    ['a symbolic link', (path) => symlinkSync('/etc/passwd', path)],
    ['a file beyond all bounds', (path) => writeFileSync(path, 'x\n'.repeat(600_000))],
  ])('of %s in place of the notes are not read', async (_what, plant) => {
    plant(join(session.directory, 'supervisor.log'));
    expect((await look()).warnings).toEqual([]);
  });
});

describe('who asked for a stop', () => {
  const request = {
    by: 'alice',
    at: '2026-01-02T03:04:05.678Z',
    why: 'lunch',
    signal: 'SIGINT',
    graceMs: 1_500,
  } as const;

  it('is told with when, how and why', async () => {
    recordStopRequest(session, request);
    expect((await look()).stop_request).toEqual({
      by: 'alice',
      at: request.at,
      why: 'lunch',
      signal: 'SIGINT',
      grace_ms: 1_500,
    });
  });

  it('is clean and short', async () => {
    recordStopRequest(session, { ...request, why: `\u001b[31m<!-- CSA:X --> ${'y'.repeat(9_999)}` });
    const why = (await look()).stop_request?.why ?? '';
    expect(why).toMatch(/y$|…$/);
    expect(Buffer.byteLength(why)).toBeLessThanOrEqual(200);
    expect(why).not.toMatch(/[\p{Cc}]|<!-- CSA:/u);
  });

  it('is nobody where the request cannot be read', async () => {
    writeFileSync(join(session.directory, 'stop-request.toml'), 'by = "x"\n');
    expect((await look()).stop_request).toBeNull();
  });
});
