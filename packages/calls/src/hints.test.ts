import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formatMarker, parseMarkers } from '@csa/markers';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hints, programWords } from './hints.ts';

/** Some executable. */
const SCRIPT = '/bin/sh';
const ABSOLUTE = [process.execPath, SCRIPT];
const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

/** A directory of programs, each a link to a file or, for an empty one, a script of its own. */
function binOf(programs: Readonly<Record<string, string>>, name = 'bin'): string {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory, { recursive: true });
  for (const [program, target] of Object.entries(programs)) {
    const path = join(directory, program);
    if (target !== '') symlinkSync(target, path);
    else writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  }
  return directory;
}
const GOOD = { csa: SCRIPT, node: process.execPath };
const words = (...path: string[]): string[] => programWords(SCRIPT, { PATH: path.join(':') });

describe('the program of a hint', () => {
  it('is the plain name where a fresh shell finds this csa and this Node', () => {
    expect(words(binOf(GOOD))).toEqual(['csa']);
    expect(words(binOf({ node: process.execPath }), binOf({ csa: SCRIPT }))).toEqual(['csa']);
    expect(words('/nowhere', binOf({}), binOf(GOOD))).toEqual(['csa']);
  });

  it.each<[string, () => string[]]>([
    ['there is no csa', () => [binOf({ node: process.execPath })]],
    ['there is no node', () => [binOf({ csa: SCRIPT })]],
    ['another csa comes first', () => [binOf({ csa: '' }), binOf(GOOD)]],
    ['another node comes first', () => [binOf({ node: '' }), binOf(GOOD)]],
    ['the entries are relative', () => ['', '.', relative(process.cwd(), binOf(GOOD))]],
    ['both lie in node_modules/.bin', () => [binOf(GOOD, 'node_modules/.bin')]],
    ['the node lies in node_modules/.bin', () => [binOf(GOOD, 'x/node_modules/.bin'), binOf({ csa: SCRIPT })]],
    ['there is nothing', () => []],
  ])('is the absolute Node and script where %s', (_, path) => {
    expect(words(...path())).toEqual(ABSOLUTE);
  });

  it('is absolute without any PATH, and names the Node that it was given', () => {
    expect(programWords(SCRIPT, {})).toEqual(ABSOLUTE);
    expect(programWords(SCRIPT, { PATH: binOf(GOOD) }, '/opt/other/node')).toEqual(['/opt/other/node', SCRIPT]);
  });

  it('passes over what no shell would run, and what npx puts in front', () => {
    const plain = binOf({ csa: '', node: '' });
    for (const name of ['csa', 'node']) chmodSync(join(plain, name), 0o644);
    expect(words(plain, binOf({ csa: '/nowhere/csa' }), binOf(GOOD))).toEqual(['csa']);
    const foreign = { csa: '', node: '' };
    expect(words(binOf(foreign, 'node_modules/.bin'), binOf(GOOD))).toEqual(['csa']);
    expect(words(`${binOf(foreign, 'node_modules/.bin')}/`, binOf(GOOD))).toEqual(['csa']);
  });

  it('is what a fresh shell with that PATH really runs', () => {
    const directory = binOf(GOOD);
    expect(words(directory)).toEqual(['csa']);
    const found = execFileSync('/bin/sh', ['-c', 'command -v csa; command -v node'], { env: { PATH: directory } });
    const expected = [SCRIPT, process.execPath].map((path) => realpathSync(path));
    expect(
      String(found)
        .trim()
        .split('\n')
        .map((path) => realpathSync(path)),
    ).toEqual(expected);
  });
});

describe('a command', () => {
  const hints = new Hints(['csa']);

  it('names a session by its id, or by its directory where that is needed', () => {
    expect(hints.session('wait', { id: ID })).toBe(`csa session wait ${ID}`);
    expect(hints.session('stop', { id: ID, directory: '/s/a' })).toBe('csa session stop --dir /s/a');
    expect(hints.session('logs', { id: ID, directory: "/it's $HOME" }, ['--tail', '5'])).toBe(
      String.raw`csa session logs --dir '/it'\''s $HOME' --tail 5`,
    );
  });

  it.each(['/a\nb', '/a\u001b[1mb', '/a\u0000b', '/a\ufffdb'])(
    'falls back to the id for the directory %j',
    (directory) => {
      expect(hints.session('wait', { id: ID, directory })).toBe(`csa session wait ${ID}`);
    },
  );

  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'\'"\\`$(){}[]*?~#!&|;<> =\n\t-ab') }),
    fc.constantFrom('', '-', '--', '-n', '=a', '~', '!!', '%s', '$HOME', '<!-- CSA:X -->'),
  );
  const printable = fc.array(
    word.filter((text) => !text.includes('\0')),
    { maxLength: 5 },
  );

  it('gives the shell exactly its words', () => {
    const lists = fc.sample(printable, 500);
    const script = lists.map((list) => new Hints(['printf', '%s\\0']).command(['', ...list])).join('\n');
    const printed = execFileSync('/bin/sh', ['-c', script], { maxBuffer: 1 << 26 })
      .toString()
      .split('\0');
    expect(printed.slice(0, -1)).toEqual(lists.flatMap((list) => ['', ...list]));
  });

  it('comes out of a marker as it went in', () => {
    fc.assert(
      fc.property(printable, (list) => {
        const cmd = hints.command(list.map((text) => text.replace(/[\p{Cc}\u2028\u2029]/gu, '')));
        const [marker] = parseMarkers(formatMarker('X', [['cmd', cmd]]));
        expect(marker?.attributes.get('cmd')).toBe(cmd);
      }),
      { numRuns: 2_000 },
    );
  });
});
