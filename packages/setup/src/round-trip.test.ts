import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { AGENTS, type Agent, agentFiles } from './agents/agents.ts';
import type { Place, Program } from './agents/program.ts';
import { placeName } from './agents/program.ts';
import { documentValue, readJson } from './json/json-document.ts';
import { JSON_SAMPLES, programOf, TOML_SAMPLES } from './samples.test.fixture.ts';
import { isChanged, planSetup, writePlanned } from './set-up.ts';
import { SetupStore } from './setup-store.ts';
import { readToml } from './toml/toml-value.ts';
import { planUndo, writeUndo } from './undo.ts';
import type { ConfigFile } from './wish.ts';

const PROGRAM = programOf(['csa']);

/** A home and a project of their own, and a record of what is done there. */
function place(agent: Agent, kind: Place['kind']) {
  const root = temporaryDirectory();
  const directory = join(root, 'project');
  mkdirSync(directory);
  const where: Place = kind === 'user' ? { kind } : { kind, directory };
  const store = new SetupStore(join(temporaryDirectory(), 'state'));
  const filesFor = (program: Program): ConfigFile[] =>
    agentFiles(agent, { program, place: where, homes: { home: join(root, 'home'), env: {}, exists: existsSync } });
  return {
    root,
    files: filesFor(PROGRAM),
    setUp: (program = PROGRAM): string[] => {
      const planned = planSetup(agent, filesFor(program), store);
      for (const file of planned) writePlanned(file, { agent, place: where }, store);
      return planned.filter(isChanged).map(({ file }) => file.path);
    },
    undo: () => {
      const planned = planUndo(agent, placeName(where), store);
      for (const undo of planned) writeUndo(undo, store);
      return planned;
    },
  };
}

/** Names, modes and bytes. */
function contents(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const stats = statSync(join(root, name));
      const bytes = stats.isFile() ? readFileSync(join(root, name), 'latin1') : '/';
      return [name, `${(stats.mode & 0o7777).toString(8)} ${bytes}`];
    }),
  );
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What a file says, whatever it looks like. */
function said({ format, path }: ConfigFile): unknown {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (format === 'own') return text;
  const reading = format === 'json' ? readJson(text) : readToml(text);
  expect(reading.kind).toBe('parsed');
  return reading.kind === 'parsed' && 'root' in reading ? documentValue(reading) : readToml(text);
}

const PLACES = AGENTS.flatMap((agent) => (['user', 'project'] as const).map((kind) => [agent, kind] as const));
const SAMPLES = [...new Set([...Object.keys(JSON_SAMPLES), ...Object.keys(TOML_SAMPLES)])];

describe.each(PLACES)('for %s, place %s,', (agent, kind) => {
  it.each(SAMPLES)('over %s: undo gives back the very bytes, and a second run changes nothing', (name) => {
    const { root, files, setUp, undo } = place(agent, kind);
    for (const { format, path } of files) {
      const sample = format === 'own' ? undefined : (format === 'json' ? JSON_SAMPLES : TOML_SAMPLES)[name];
      if (sample !== undefined) write(path, sample);
    }
    const before = contents(root);
    expect(setUp().length).toBeGreaterThan(0);
    const after = contents(root);
    expect(after).not.toEqual(before);
    expect([setUp(), contents(root)]).toEqual([[], after]);
    undo();
    expect(contents(root)).toEqual(before);
    expect(undo()).toEqual([]);
  });

  it('where nothing is there: undo leaves nothing, no directory either', () => {
    const { root, setUp, undo } = place(agent, kind);
    const before = contents(root);
    setUp();
    undo();
    expect(contents(root)).toEqual(before);
  });

  it('where a run was cut off between a directory and its file: undo leaves no directory', () => {
    const { root, files, setUp, undo } = place(agent, kind);
    const before = contents(root);
    setUp();
    for (const { path } of files) rmSync(path);
    undo();
    expect(contents(root)).toEqual(before);
  });

  it('what a run that was killed has left beside its files is taken away', () => {
    const { root, files, setUp, undo } = place(agent, kind);
    const before = contents(root);
    const leave = (): void => {
      for (const { path } of files) write(join(dirname(path), `.${basename(path)}.csa-0123456789ab`), 'half');
    };
    setUp();
    const after = contents(root);
    leave();
    setUp();
    expect(contents(root)).toEqual(after);
    leave();
    undo();
    expect(contents(root)).toEqual(before);
  });

  it('after csa has moved, the entries follow it, and none is there twice', () => {
    const { root, setUp, undo } = place(agent, kind);
    const before = contents(root);
    setUp(programOf(['/old/node', '/old/csa.js']));
    const other = place(agent, kind);
    other.setUp();
    expect(setUp().length).toBeGreaterThan(0);
    for (const [index, file] of other.files.entries()) {
      const moved = place(agent, kind).files[index]?.path ?? '';
      expect(moved.length).toBeGreaterThan(0);
      const mine = join(root, file.path.slice(other.root.length));
      expect(said({ ...file, path: mine })).toEqual(said(file));
    }
    undo();
    expect(contents(root)).toEqual(before);
  });

  it('what was written since stays, byte for byte, when the rest is undone', () => {
    const { files, setUp, undo } = place(agent, kind);
    const own = (format: ConfigFile['format']): string => (format === 'json' ? '{\n  "mine": 1\n}\n' : 'mine = 1\n');
    const shared = files.filter(({ format }) => format !== 'own');
    for (const { format, path } of shared) write(path, own(format));
    setUp();
    for (const { format, path } of shared) {
      const text = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        format === 'json' ? text.replace('"mine": 1', '"mine": 2 /* since */') : `${text}\n[since]\na = 1\n`,
      );
    }
    undo();
    for (const { format, path } of shared) {
      const wanted = format === 'json' ? '{\n  "mine": 2 /* since */\n}\n' : 'mine = 1\n\n[since]\na = 1\n';
      expect(readFileSync(path, 'utf8')).toBe(wanted);
    }
  });
});

describe('a file', () => {
  it('is recorded with the directories that are made for it before they are', () => {
    const root = temporaryDirectory();
    const store = new SetupStore(join(root, 'state'));
    const homes = { home: root, env: {}, exists: existsSync };
    const files = agentFiles('gemini', { program: PROGRAM, place: { kind: 'user' }, homes });
    const [planned] = planSetup('gemini', files, store);
    const made: (readonly string[] | undefined)[] = [];
    const write = store.write.bind(store);
    store.write = (record, backup) => {
      made.push(existsSync(join(root, '.gemini')) ? undefined : record.made);
      write(record, backup);
    };
    if (planned !== undefined) writePlanned(planned, { agent: 'gemini', place: { kind: 'user' } }, store);
    expect(made).toEqual([[join(root, '.gemini')]]);
  });

  it('keeps its mode, and a link stays a link', () => {
    const { root, files, setUp, undo } = place('gemini', 'user');
    const real = join(root, 'dotfiles/gemini.json');
    write(real, '{"a": 1}');
    chmodSync(real, 0o640);
    const link = files[0]?.path ?? '';
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(real, link);
    setUp();
    expect([lstatSync(link).isSymbolicLink(), (statSync(real).mode & 0o777).toString(8)]).toEqual([true, '640']);
    expect(readFileSync(real, 'utf8')).toContain('csa');
    undo();
    expect([lstatSync(link).isSymbolicLink(), readFileSync(real, 'utf8')]).toEqual([true, '{"a": 1}']);
  });

  it('of more than 5 MB is changed like any other', () => {
    const { files, setUp, undo } = place('claude', 'user');
    const large = JSON.stringify(
      { history: Array.from({ length: 60_000 }, (_, n) => `line ${n} ${'x'.repeat(80)}`) },
      null,
      2,
    );
    const path = files[0]?.path ?? '';
    write(path, large);
    setUp();
    expect(JSON.parse(readFileSync(path, 'utf8')).mcpServers.csa.args).toEqual(['mcp']);
    undo();
    expect(readFileSync(path, 'utf8') === large).toBe(true);
  });

  it('that somebody else changes between the look and the write is left to them', () => {
    const root = temporaryDirectory();
    const path = join(root, '.gemini/settings.json');
    write(path, '{"a": 1}');
    const store = new SetupStore(join(root, 'state'));
    const homes = { home: root, env: {}, exists: existsSync };
    const files = agentFiles('gemini', { program: PROGRAM, place: { kind: 'user' }, homes });
    const [planned] = planSetup('gemini', files, store);
    write(path, '{"a": 2}');
    const carryOut = () => planned && writePlanned(planned, { agent: 'gemini', place: { kind: 'user' } }, store);
    expect(carryOut).toThrow(expect.objectContaining({ reason: 'changed-meanwhile', path }));
    expect([readFileSync(path, 'utf8'), store.list('gemini', 'user')]).toEqual(['{"a": 2}', []]);
  });

  it('that was being written when a run was cut off is as before, and undo knows it', () => {
    const root = temporaryDirectory();
    const path = join(root, '.gemini/settings.json');
    write(path, '{"a": 1}');
    const store = new SetupStore(join(root, 'state'));
    const homes = { home: root, env: {}, exists: existsSync };
    const files = agentFiles('gemini', { program: PROGRAM, place: { kind: 'user' }, homes });
    for (const file of planSetup('gemini', files, store))
      writePlanned(file, { agent: 'gemini', place: { kind: 'user' } }, store);
    write(path, '{"a": 1}');
    expect(planSetup('gemini', files, store)[0]?.edited.outcomes).toMatchObject([{ kind: 'added' }, { kind: 'added' }]);
    expect(planUndo('gemini', 'user', store)).toContainEqual(
      expect.objectContaining({ restoration: { kind: 'nothing', why: 'as-before' } }),
    );
  });
});
