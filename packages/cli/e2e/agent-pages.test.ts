import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkers } from '@csa/markers';
import { builtCsa, type RunResult, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { shell } from './program.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/agents', import.meta.url));
const README = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
const PAGES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

const blocksOf = (text: string, language: string): string[] =>
  Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')), ([, block = '']) => block);

/** Of an agent's configuration: what csa keeps for itself is none of it. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('.local'));
}

interface Stage {
  readonly world: World;
  readonly run: (line: string) => Promise<RunResult>;
}

/** A user who has csa, and an npm whose load test fails at once. */
function stage(): Stage {
  const world = temporaryWorld();
  const bin = join(world.home, 'bin');
  mkdirSync(bin);
  symlinkSync(builtCsa, join(bin, 'csa'));
  symlinkSync(testNode(), join(bin, 'node'));
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho 3 of 200 users were turned away; exit 3\n', { mode: 0o755 });
  const env = { PATH: `${bin}${delimiter}${world.env['PATH']}` };
  return { world, run: (line) => shell(line, { world, env }) };
}

/** What each other example comes to, by its last command. */
const ENDINGS: ReadonlyArray<[words: string, code: number]> = [
  ['csa setup codex --ask-before-start', 0],
  ['CSA_WAIT_CAP=25s csa session wait', 3],
];

it('there is a page for every agent that csa setup knows, and the README leads to it', () => {
  const command = readFileSync(join(FOLDER, '../commands/setup.md'), 'utf8');
  const [, known = ''] = /^\| `AGENT` \| (.+) \|$/m.exec(command) ?? [];
  const named = PAGES.map(({ text }) => /^csa setup (\w+)$/m.exec(text)?.[1]);
  expect(named.toSorted()).toEqual(known.split(/, | or /).toSorted());
  for (const { name } of PAGES) expect(README).toContain(`(docs/agents/${name})`);
});

describe.each(PAGES)('the page $name', ({ text }) => {
  const [setup = '', ...others] = blocksOf(text, 'sh');

  it.each(['--user', '--project'])(
    'begins with a command that sets up %s, only shows it, and takes it back',
    async (place) => {
      const { world, run } = stage();
      const files = (): string[] => [world.home, world.project].flatMap(filesBelow);
      const command = `${setup.trim()} ${place}`;
      const before = files();
      expect(await run(`${command} --print`)).toMatchObject({ code: 0, stdout: expect.stringContaining('+++ ') });
      expect(files()).toEqual(before);
      expect((await run(command)).code).toBe(0);
      expect(files().length).toBeGreaterThan(before.length);
      expect((await run(`${command} --undo`)).code).toBe(0);
      expect(files()).toEqual(before);
    },
  );

  it('has only examples that run', async () => {
    for (const example of others) {
      const [, code] = ENDINGS.find(([words]) => example.includes(words)) ?? [];
      const ended = await stage().run(example);
      expect([code, ended.code], ended.stderr).toEqual([ended.code, code]);
    }
  });

  it('shows whole markers', () => {
    const lines = blocksOf(text, 'text').flatMap((block) => block.split('\n'));
    for (const line of lines.filter((candidate) => candidate.startsWith('<!--'))) {
      expect(parseMarkers(line.replace('…', '')), line).toHaveLength(1);
    }
  });
});
