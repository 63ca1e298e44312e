import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNamedDirectory, type Session } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { ID, OTHER } from '../wait/wait-story.test.fixture.ts';
import { keptRecords } from './kept-records.ts';

function sessionWith(files: Readonly<Record<string, string>>, id: string = ID): Session {
  const directory = join(temporaryDirectory(), id);
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return openNamedDirectory(directory);
}

const stateOf = (description: string, id: string = ID): string =>
  `meta_session_id = "${id}"\ndescription = "${description}"\n`;
const place = (session: Session, name: string): string => join(session.directory, name);

describe('what a session says of itself', () => {
  it('is read once as long as it is the same', () => {
    const session = sessionWith({
      'state.toml': stateOf('one'),
      'metadata.toml': 'tool = "make"\nlabels = ["team=api"]\n',
      'command.pid': '4711\n',
    });
    const records = keptRecords();
    for (const read of [records.readState, records.readMetadata, records.readCommand]) {
      const reading = read(session);
      expect(reading.kind).toBe('present');
      expect(read(session)).toBe(reading);
    }
  });

  it.each<[string, (path: string) => void]>([
    ['written anew', (path) => writeFileSync(path, stateOf('two'))],
    [
      'replaced',
      (path) => {
        writeFileSync(`${path}.new`, stateOf('two'));
        renameSync(`${path}.new`, path);
      },
    ],
  ])('is read again when it was %s', (_, change) => {
    const session = sessionWith({ 'state.toml': stateOf('one') });
    const { readState } = keptRecords();
    expect(readState(session)).toMatchObject({ value: { description: 'one' } });
    change(place(session, 'state.toml'));
    expect(readState(session)).toMatchObject({ value: { description: 'two' } });
    rmSync(place(session, 'state.toml'));
    expect(readState(session)).toEqual({ kind: 'absent' });
  });

  it('is not what a link leads to, be it what another session says', () => {
    const [other, session] = [sessionWith({ 'state.toml': stateOf('other', OTHER) }, OTHER), sessionWith({})];
    symlinkSync(place(other, 'state.toml'), place(session, 'state.toml'));
    const { readState } = keptRecords();
    for (const _ of [1, 2]) {
      expect(readState(other).kind).toBe('present');
      expect(readState(session).kind).toBe('unreadable');
    }
  });

  it('is unreadable as long as it is torn', () => {
    const session = sessionWith({ 'state.toml': 'meta_session' });
    const { readState } = keptRecords();
    expect([readState(session).kind, readState(session).kind]).toEqual(['unreadable', 'unreadable']);
    writeFileSync(place(session, 'state.toml'), stateOf('whole'));
    expect(readState(session)).toMatchObject({ value: { description: 'whole' } });
  });

  it('is no want of descriptors in reading it, which is told and not kept', () => {
    const session = sessionWith({ 'state.toml': stateOf('one') });
    const module = `
      import { closeSync, openSync } from 'node:fs';
      import { openNamedDirectory } from '@csa/session';
      import { keptRecords } from './kept-records.ts';
      const session = openNamedDirectory(process.argv[1]);
      const { readState } = keptRecords();
      const held = [];
      try { for (;;) held.push(openSync('/dev/null')); } catch {}
      const without = readState(session);
      closeSync(held.pop());
      process.stdout.write(JSON.stringify([without, readState(session).kind]));`;
    const node = [process.execPath, '--conditions=csa-source', '--input-type=module', '-e', module, session.directory];
    const answer = execFileSync('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node], { cwd: import.meta.dirname });
    expect(JSON.parse(answer.toString())).toEqual([{ kind: 'error', code: 'EMFILE' }, 'present']);
  });
});
