import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RECORD_FILES, sightFile } from './record-files.ts';
import { answerOf, emptySession, withoutOverride } from './sessions.test.fixture.ts';

describe('a name of the record', () => {
  it('is absent, whichever it is, in an empty session', () => {
    const session = emptySession();
    expect(RECORD_FILES.map((name) => sightFile(session.directory, name).kind)).toEqual(
      RECORD_FILES.map(() => 'absent'),
    );
  });

  it('is absent where a file stands in place of its directory, and where the session has gone', () => {
    const session = emptySession();
    writeFileSync(join(session.directory, 'output'), '');
    expect(sightFile(session.directory, 'output/result.toml')).toEqual({ kind: 'absent' });
    expect(sightFile(join(session.directory, 'gone'), 'result.toml').kind).toBe('absent');
  });

  it('tells size and time of a file', () => {
    const session = emptySession();
    const path = join(session.directory, 'result.toml');
    writeFileSync(path, 'seven b');
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    expect(sightFile(session.directory, 'result.toml')).toEqual({
      kind: 'present',
      type: 'file',
      bytes: 7,
      modifiedAt: 1_700_000_000_000,
    });
  });

  it('tells what stands there instead of a file, and follows no link', () => {
    const session = emptySession();
    const at = (name: string): string => join(session.directory, name);
    spawnSync('mkfifo', [at('lifeline')]);
    mkdirSync(at('state.toml'));
    symlinkSync('/nowhere', at('metadata.toml'));
    symlinkSync('/dev/null', at('daemon.pid'));
    const types = (['lifeline', 'state.toml', 'metadata.toml', 'daemon.pid'] as const).map((name) => {
      const sighting = sightFile(session.directory, name);
      return sighting.kind === 'present' ? sighting.type : sighting.kind;
    });
    expect(types).toEqual(['fifo', 'directory', 'link', 'link']);
  });

  it('that may not be looked at is our own trouble', async () => {
    const { directory } = emptySession();
    const module = `
      import { chmodSync } from 'node:fs';
      import { sightFile } from 'SRC/record-files.ts';
      const directory = ${JSON.stringify(directory)};
      chmodSync(directory, 0o000);
      console.log(JSON.stringify(sightFile(directory, 'result.toml')));
      chmodSync(directory, 0o700);
    `;
    expect(await answerOf(module, { through: withoutOverride() })).toEqual({ kind: 'error', code: 'EACCES' });
  });
});
