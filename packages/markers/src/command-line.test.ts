import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCommand, isPrintableWord } from './command-line.ts';

const SHELLS = ['/bin/sh', '/bin/bash', '/bin/zsh'].filter((shell) => existsSync(shell));
const BATCH = 300;

/** What the shell makes of the words: it is given the command on its stdin and prints each word with a NUL. */
function wordsSeenBy(shell: string, words: readonly string[]): string[] {
  const command = formatCommand(['printf', '%s\\0', ...words]);
  const output = execFileSync(shell, ['-s'], { input: `${command}\n`, encoding: 'utf8', cwd: temporaryDirectory() });
  return output.split('\0').slice(0, -1);
}

describe('a formatted command', () => {
  it('quotes only where it must', () => {
    expect(formatCommand(['csa', 'session', 'wait', '01M0', '--cap', '4s', '--cd=/a/b_c'])).toBe(
      'csa session wait 01M0 --cap 4s --cd=/a/b_c',
    );
    expect(formatCommand(['csa', "it's", '', 'a b', '$HOME', '=x', '~', '*', '\\'])).toBe(
      String.raw`csa 'it'\''s' '' 'a b' '$HOME' '=x' '~' '*' '\'`,
    );
    expect(formatCommand(['/opt/node@24/bin/node', '%1'])).toBe('/opt/node@24/bin/node %1');
    expect(formatCommand(['A=b', 'A=b'])).toBe("'A=b' A=b");
    expect(formatCommand([])).toBe('');
  });

  it('refuses a NUL, which no program can be given', () => {
    expect(() => formatCommand(['a\0b'])).toThrow(TypeError);
  });

  it.each(SHELLS)('gives %s every word as it was', (shell) => {
    const pieces = [
      "'",
      '"',
      '$',
      '$(id)',
      '`id`',
      '\\',
      ' ',
      '\n',
      '\t',
      '!',
      '!!',
      '*',
      '?',
      '[a]',
      '{a,b}',
      '~',
      '#',
      '&',
    ];
    const words = fc.oneof(
      fc
        .array(fc.constantFrom(...pieces, '-', '--', '=', '%', ';', '|', '<', '>', '(', ')', 'a', 'ü'))
        .map((parts) => parts.join('')),
      fc.string().map((word) => word.replaceAll('\0', '')),
      fc.string({ unit: 'binary' }).map((word) => word.replaceAll('\0', '')),
      fc.constantFrom('', '-', '--', '-n', '-e', '%s', "'", "''", '\n', '\\n', 'a=b', '=a', '%1', '+', '@'),
    );
    const batches = fc.array(words, { minLength: BATCH, maxLength: BATCH });
    fc.assert(
      fc.property(batches, (batch) => {
        expect(wordsSeenBy(shell, batch)).toEqual(batch);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it.each(SHELLS)('makes %s run a program whatever its name', (shell) => {
    const bin = join(temporaryDirectory(), 'bin');
    mkdirSync(bin);
    for (const name of ['if', 'A=b', '!', '{', '=x', 'a b', '~', '#', 'time', '[[', '+x', '-x', "it's", '1']) {
      writeFileSync(join(bin, name), '#!/bin/sh\nprintf "%s" "$(basename -- "$0") $*"\n');
      chmodSync(join(bin, name), 0o755);
      const output = execFileSync(shell, ['-s'], {
        input: `${formatCommand([name, 'a b'])}\n`,
        encoding: 'utf8',
        env: { PATH: `${bin}:${process.env['PATH']}` },
      });
      expect(output).toBe(`${name} a b`);
    }
  });
});

it.each<[string, boolean]>([
  ['', true],
  ["it's ü 🎉 $HOME", true],
  ['a\nb', false],
  ['a\tb', false],
  ['\u001b[1m', false],
  ['\u009b', false],
  ['a\u2028', false],
  ['a\u007f', false],
  ['bytes \ufffd', false],
  ['\ud800', false],
])('%j is printable: %s', (word, printable) => {
  expect(isPrintableWord(word)).toBe(printable);
});
