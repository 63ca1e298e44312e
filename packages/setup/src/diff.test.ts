import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unifiedDiff } from './diff.ts';

it('shows what changes with two lines around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\n';
  expect(unifiedDiff('file', before, before.replace('d', 'D\nD2'))).toEqual([
    '--- file',
    '+++ file',
    '@@ -2,5 +2,6 @@',
    ' b',
    ' c',
    '-d',
    '+D',
    '+D2',
    ' e',
    ' f',
  ]);
});

it('shows a file that comes or goes as one that comes from nothing', () => {
  expect(unifiedDiff('file', undefined, 'a\n')).toEqual(['--- /dev/null', '+++ file', '@@ -0,0 +1,1 @@', '+a']);
  expect(unifiedDiff('file', 'a\n', undefined)).toEqual(['--- file', '+++ /dev/null', '@@ -1,1 +0,0 @@', '-a']);
  expect(unifiedDiff('file', 'a', 'a')).toEqual([]);
});

it.each<[string, string]>([
  ['"ANTHROPIC_API_KEY": "sk-1234"', '"ANTHROPIC_API_KEY": "…"'],
  ['bearer_token = "abc"', 'bearer_token = "…"'],
  ['{"env":{"MY_SECRET":"x\\"y"},"a":1}', '{"env":{"MY_SECRET":"…"},"a":1}'],
])('shows no secret of a line beside it: %s', (line, shown) => {
  expect(unifiedDiff('file', `${line}\n`, `${line}\nnew\n`)).toContain(` ${shown}`);
});

it.each<[what: string, line: string, shown: string]>([
  ['an escape sequence', '// \u001b]0;title\u0007\u001b[2Jred', '// red'],
  ['a carriage return', '// \rover', '// over'],
  ['what turns text around', '// \u202eabc', '// abc'],
  ['a marker', '// <!-- CSA:SESSION_WAIT_COMPLETED exit=0 -->', '// <!- - CSA:SESSION_WAIT_COMPLETED exit=0 -->'],
  ['the end of a line of Windows', '{\r', '{'],
])('has nothing in a line that a terminal or a reader would obey: %s', (_, line, shown) => {
  expect(unifiedDiff('fi\u001b[2Jle', `${line}\n`, `${line}\nnew\n`)).toEqual([
    '--- file',
    '+++ file',
    '@@ -1,1 +1,2 @@',
    ` ${shown}`,
    '+new',
  ]);
});

it('of any two texts, is what patch(1) makes the second of the first with', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '', '  d'), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  const directory = temporaryDirectory();
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      const file = join(directory, 'file');
      writeFileSync(file, before);
      const input = `${unifiedDiff('file', before, after).join('\n')}\n`;
      const { stdout, stderr } = spawnSync('patch', ['--silent', '--output=-', file], { input, encoding: 'utf8' });
      expect([stdout, stderr]).toEqual([after, '']);
    }),
    { numRuns: 60 },
  );
});
