import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkers } from '@csa/markers';
import { type RunResult, temporaryWorld, type World } from '@csa/testkit';
import { expect, it } from 'vitest';
import { blocksOf } from './doc-page.ts';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/agents', import.meta.url));
const README = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
const PAGES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

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
  const env = { PATH: userPath(world, { npm: 'echo 3 of 200 users were turned away; exit 3' }) };
  return { world, run: (line) => shell(line, { world, env }) };
}

/** All but the first of each page, with the code of its last command. */
const EXAMPLES = PAGES.flatMap(({ name, text }) => {
  const [, ...others] = blocksOf(text, 'sh');
  return others.map((example) => ({ name, example, code: example.includes('session wait') ? 3 : 0 }));
});

it('there is a page for every agent that csa setup knows, and the README leads to it', () => {
  const command = readFileSync(join(FOLDER, '../commands/setup.md'), 'utf8');
  const [, known = ''] = /^\| `AGENT` \| (.+) \|$/m.exec(command) ?? [];
  const named = PAGES.map(({ text }) => /^csa setup (\w+)$/m.exec(text)?.[1]);
  expect(named.toSorted()).toEqual(known.split(/, | or /).toSorted());
  for (const { name } of PAGES) expect(README).toContain(`(docs/agents/${name})`);
});

it.each(PAGES)(
  'the page $name begins with a command that sets up, only shows it, and takes it back',
  async ({ text }) => {
    const [setup = ''] = blocksOf(text, 'sh');
    for (const place of ['--user', '--project']) {
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
    }
  },
);

it.each(EXAMPLES)('the example of $name runs: $example', async ({ example, code }) => {
  const ended = await stage().run(example);
  expect(ended.code, ended.stderr).toBe(code);
});

it('every marker in a transcript is whole', () => {
  const lines = PAGES.flatMap(({ text }) => blocksOf(text, 'text')).flatMap((block) => block.split('\n'));
  const markers = lines.filter((line) => line.startsWith('<!--'));
  expect(markers.length).toBeGreaterThan(PAGES.length);
  for (const line of markers) expect(parseMarkers(line.replace('…', '')), line).toHaveLength(1);
});
