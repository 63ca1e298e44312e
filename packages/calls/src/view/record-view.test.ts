import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdLifeline, identify } from '@csa/liveness';
import { openNamedDirectory, RECORD_FILES, recordDaemon, type Session } from '@csa/session';
import { SESSION_ID as ID, temporaryDirectory } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RecordEntry, viewRecord } from './record-view.ts';

function emptySession(): Session {
  const directory = join(temporaryDirectory(), ID);
  mkdirSync(directory);
  return openNamedDirectory(directory);
}

function entry(session: Session, file: string): RecordEntry | undefined {
  return viewRecord(session).find((one) => one.file === file);
}

describe('a record', () => {
  it('has every file that it may have, absent where there is none', () => {
    const nothing = { state: 'absent', bytes: null, modified_at: null, age_ms: null, detail: null };
    expect(viewRecord(emptySession())).toEqual(RECORD_FILES.map((file) => ({ file, ...nothing })));
  });

  it('tells size and age of what is there', () => {
    const session = emptySession();
    const path = join(session.directory, 'stdout.log');
    writeFileSync(path, 'four');
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const [log] = viewRecord(session, 1_700_000_005_000).filter(({ file }) => file === 'stdout.log');
    const modified_at = new Date(1_700_000_000_000).toISOString();
    expect(log).toEqual({ file: 'stdout.log', state: 'present', bytes: 4, modified_at, age_ms: 5_000, detail: null });
    expect(viewRecord(session, 0).find(({ file }) => file === 'stdout.log')?.age_ms).toBe(0);
  });

  it.each([
    ['result.toml', 'status = "success"\n', /exit_code/],
    ['result.toml', '', /./],
    ['state.toml', 'meta_session_id = ', /./],
    ['metadata.toml', 'tool = "\u001b[31m<!-- CSA:X -->', /./],
    ['daemon.pid', 'nonsense', /no process id/],
    ['command.pid', '1', /no process id/],
    ['daemon-completion.toml', 'exit_code = "3"', /exit_code/],
    ['.complete', 'three', /integer/],
    ['stop-request.toml', 'by = "x"', /./],
    ['resume-target.toml', 'kind = "other"', /kind/],
  ])('says why %s cannot be read', (file, text, why) => {
    const session = emptySession();
    writeFileSync(join(session.directory, file), text);
    const { state, detail } = entry(session, file) ?? {};
    expect([state, detail]).toEqual(['unreadable', expect.stringMatching(why)]);
    expect(detail).not.toMatch(/\p{Cc}|<!--\s*CSA:/u);
  });

  it.each(['state.toml', 'result.toml', 'stdout.log', 'lifeline'])('knows what stands in place of %s', (file) => {
    for (const plant of [
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync('/dev/zero', path),
      (path: string) => void execFileSync('mkfifo', [path]),
    ]) {
      const session = emptySession();
      plant(join(session.directory, file));
      const { state, detail } = entry(session, file) ?? {};
      if (file === 'lifeline') expect(detail).toBe('not the one that the supervisor recorded');
      else expect([state, detail]).toEqual(['unreadable', expect.stringContaining('not a regular file')]);
    }
  });

  it('says who holds the lifeline', async () => {
    const session = emptySession();
    const lifeline = holdLifeline(join(session.directory, 'lifeline'));
    onTestFinished(() => lifeline.release());
    const identity = await identify(process.pid);
    if (identity === undefined) throw new Error('this process is not there');
    recordDaemon(session.directory, identity, lifeline);
    expect(entry(session, 'lifeline')).toMatchObject({ state: 'present', detail: 'held by the supervisor' });
    lifeline.release();
    expect(entry(session, 'lifeline')).toMatchObject({ state: 'present', detail: 'held by nobody' });
  });
});
