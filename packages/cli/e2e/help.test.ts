import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { startJob } from './job.ts';
import { shell } from './program.ts';

const MANIFEST = fileURLToPath(new URL('../oclif.manifest.json', import.meta.url));
const { commands } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { commands: Record<string, { id: string }> };
const COMMANDS = Object.values(commands).map(({ id }) => id.split(':'));
const EXAMPLE_ID = /\b01M0F77JH[0-9A-Z]{17}\b/g;

/** Refused of what has ended. */
const ABOUT_LIVE_ONES = new Set(['session warm on']);

/** The example commands of a help text, the lines that a terminal's width has broken put together again. */
function examplesOf(help: string): string[] {
  const [, examples = ''] = help.split(/^EXAMPLES$/m);
  return [...examples.replace(/ \\\n\s+/g, ' ').matchAll(/^\s+\$ (csa .*)$/gm)].map(([, line = '']) => line);
}

async function helpOf(world: World, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCsa([...words, '--help'], { world, env: { COLUMNS: '80' } });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

describe('help', () => {
  it('of the program names the topic, and of the topic every command', async () => {
    const world = temporaryWorld();
    const topics = [[], ['session'], ['session', 'warm'], ['config']];
    const help = (await Promise.all(topics.map((words) => helpOf(world, words)))).join('');
    for (const words of COMMANDS) expect(help).toMatch(new RegExp(`^ +${words.join(' ')} `, 'm'));
  });

  it.each([
    ['list', ['unknown', '--limit', '--watch', '129 130 143', '125']],
    ['status', ['--explain', 'is-alive', '125']],
    ['is-alive', ['0    alive', '1    finished', '124  dead', '125  unknown']],
  ])('of %s names %j', async (command, words) => {
    const help = await helpOf(temporaryWorld(), ['session', command]);
    for (const word of ['EXIT CODES', ...words]) expect(help).toContain(word);
  });

  it.each(['wait', 'warm'])('of %s says which of the two is meant when', async (command) => {
    const help = (await helpOf(temporaryWorld(), ['session', command])).replace(/\s+/g, ' ');
    for (const words of ['**wait** when the result is the next step', '**warm**', 'there is other work to do']) {
      expect(help).toContain(words);
    }
  });

  it('of wait names the exit codes, the markers and the way on', async () => {
    const help = await helpOf(temporaryWorld(), ['session', 'wait']);
    for (const word of [
      '124',
      '125',
      '130',
      'KV_WARM',
      '--cap',
      '--until-done',
      '--alive-exit-code',
      '--any',
      '--count',
    ]) {
      expect(help).toContain(word);
    }
  });

  it.each(COMMANDS.map((words) => words.join(' ')))(
    'of %s shows examples that the program itself takes',
    async (command) => {
      const world = temporaryWorld();
      mkdirSync(join(world.project, '../api'));
      const examples = examplesOf(await helpOf(world, command.split(' ')));
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const isEnded = !ABOUT_LIVE_ONES.has(command);
        const id = await startJob(isEnded ? ['true'] : ['sleep', '60'], { world }, ['--label', 'run=42']);
        if (isEnded) await waitFor([id, '--cap', '30s'], { world });
        const line = example.replaceAll(EXAMPLE_ID, id);
        const defined = `csa() { "${testNode()}" "${builtCsa}" "$@"; }`;
        const { code, stdout, stderr } = await shell(`${defined}; ${line}`, { world });
        const reason = parseMarkers(`${stdout}\n${stderr}`).map((marker) => attribute(marker, 'reason'));
        // The session of the examples has finished, which is no success where one asks whether it is alive; and what
        // a doctor finds is the machine's.
        const expected = command === 'session is-alive' ? 1 : command === 'doctor' && code === 1 ? 1 : 0;
        expect([line, code, reason.filter((word) => word !== undefined)]).toEqual([line, expected, []]);
      }
    },
  );

  it('may be cut off by its reader', async () => {
    const world = temporaryWorld();
    const { stdout } = await shell(
      `{ "${testNode()}" "${builtCsa}" session wait --help; echo $? >&2; } 2>code | head -1; cat code`,
      {
        world,
      },
    );
    expect(stdout).toMatch(/\n0\n$/);
  });
});

it.each(['--version', '-v', 'version'])('says its version when asked by %s', async (word) => {
  const { code, stdout } = await runCsa([word], { world: temporaryWorld() });
  expect([code, /\d+\.\d+\.\d+/.test(stdout)]).toEqual([0, true]);
});
