import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryWorld } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputsIn, ROOT } from './action-runner.ts';
import { run } from './program.ts';

const scriptUrl = (name: string): string => pathToFileURL(join(ROOT, 'action', name)).href;
const { summaryText } = (await import(scriptUrl('summary-text.mjs'))) as {
  summaryText: (document: object, log: string) => string;
};

const FINISHED = { session: '01M0', wait_result: 'finished', status: 'failure', exit: 3 };
const markdown = fc.string({
  unit: fc.constantFrom('`', '|', '\n', '<', '*', '[', ']', '(', '#', '&', '\\', '~', 'a', ' '),
});

describe('the step summary', () => {
  it('holds the whole log in one fence that nothing in it ends', () => {
    fc.assert(
      fc.property(markdown, (log) => {
        const lines = summaryText(FINISHED, log).split('\n');
        const begin = lines.findIndex((line) => /^`{3,}text$/.test(line));
        if (log.trim() === '') return begin === -1;
        const fence = (lines[begin] ?? '').replace('text', '');
        // CommonMark ends a block at the first line of as many backticks, indented or followed by blanks.
        const end = lines.findIndex((line, i) => i > begin && new RegExp(`^ *${fence}\`* *$`).test(line));
        return lines.slice(begin + 1, end).join('\n') === log.trimEnd();
      }),
    );
  });

  it('says a value of a session in letters, digits and numbered characters, on one line of its table', () => {
    const table = (document: object): string[] => summaryText(document, '').split('\n');
    const { length } = table({ ...FINISHED, summary: 'x' });
    fc.assert(
      fc.property(fc.oneof(markdown, fc.string({ unit: 'grapheme' })), (text) => {
        const lines = table({ ...FINISHED, summary: `x${text}` });
        const cell = /^\| in short \| (.*) \|$/.exec(lines.at(-2) ?? '')?.[1];
        return lines.length === length && /^(?:[\p{L}\p{N} ]|&#\d+;)*$/u.test(cell ?? '|');
      }),
    );
  });
});

describe('an output of a step', () => {
  const SAY = `import { setOutputs } from ${JSON.stringify(scriptUrl('workflow-commands.mjs'))}; setOutputs(JSON.parse(process.env.VALUES));`;

  it.each(['', 'a\nb\n', 'end-1\nname=forged', 'x<<y', '%0A', ' ü '])(
    'is read as it was written: %j',
    async (value) => {
      const world = temporaryWorld();
      const file = join(world.home, 'output');
      const env = { GITHUB_OUTPUT: file, VALUES: JSON.stringify({ first: value, second: 'x' }) };
      const { code, stderr } = await run([process.execPath, '--input-type=module', '-e', SAY], { world, env });
      expect([code, stderr]).toEqual([0, '']);
      expect(outputsIn(readFileSync(file, 'utf8'))).toEqual({ first: value, second: 'x' });
    },
  );
});
