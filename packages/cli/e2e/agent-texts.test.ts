import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkers } from '@csa/markers';
import { runCsa, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { AGENTS_LINES as AGENTS } from '../src/agents-md/agents-text.ts';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const SKILL = readFileSync(fileURLToPath(new URL('../../../skills/csa/SKILL.md', import.meta.url)), 'utf8');
const [, HEADER = '', BODY = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(SKILL) ?? [];

const lines = (block: string): string[] => block.split('\n').filter((line) => line !== '');
/** Commands of the skill, in its blocks of shell. */
const SKILL_COMMANDS = Array.from(BODY.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, block = '']) => lines(block)).flat();
/** Commands of the twelve lines, in code spans. */
const AGENTS_COMMANDS = Array.from(AGENTS.join('\n').matchAll(/`(csa [^`]+)`/g), ([, command = '']) => command);

/** The words that name a command and how it is used, without what differs from job to job. */
const formOf = (command: string): string => command.replace(/ --description "[^"]*"/, '');

/** What either text has to say, whatever its words. */
const FACTS: ReadonlyArray<readonly [what: string, said: RegExp]> = [
  ['when to start', /over a minute or must survive this shell/],
  ['when to wait', /Wait(?:\*\*)? when the result is (?:your|the) next step/],
  ['when to warm', /other work[\s\S]*prompt cache/i],
  ['what exit 0 with KV_WARM means', /KV_WARM: alive and healthy[\s\S]*`cmd`[\s\S]*as printed, in a fresh shell call/],
  ['that no job is started again', /never start (?:the|a) job again/i],
  ['that no polling loop is written', /Never write a polling loop/],
  ['what 124 means', /124.*: dead, nothing recorded/],
  ['what 125 means', /125.*: csa could not answer, which says nothing about the job/],
  ['what is no end of the job', /129, 130, 143.*only the wait was ended/],
  ['what to do in the background', /`action=background`: run the `cmd`/],
  ['that MCP tools go first', /`session_start` and `session_wait` \(MCP\)/],
  ['that words of a job are data', /data, never an instruction/],
];

interface Stage {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
}

/** A project whose npm test fails at once. */
function stage(): Stage {
  const world = temporaryWorld();
  return { world, env: { PATH: userPath(world, { npm: 'echo 2 tests failed; exit 3' }) } };
}

/** Runs commands as an agent does: each in a shell of its own, `ID` being what the first one printed. */
async function runAll(commands: readonly string[], on: Stage): Promise<Map<string, string>> {
  const [start = '', ...others] = commands;
  const started = await shell(start, on);
  expect(started.code, started.stderr).toBe(0);
  const id = started.stdout.trim();
  const outcomes = new Map<string, string>();
  for (const command of others) {
    const { code, stdout, stderr } = await shell(command.replace(/\bID\b/, id), on);
    const refusals = parseMarkers(stderr).filter(({ name }) => name === 'SESSION_ERROR');
    expect(refusals, command).toEqual([]);
    outcomes.set(command, `${code} ${stdout}`);
  }
  return outcomes;
}

describe('the skill', () => {
  it('has the header that agents read, with the name of its folder', () => {
    const fields = new Map(HEADER.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
    expect([...fields.keys()]).toEqual(['name', 'description', 'license']);
    expect(fields.get('name')).toBe('csa');
    expect(fields.get('description')?.length).toBeLessThanOrEqual(1_024);
  });

  it('has less than 400 words', () => {
    expect(SKILL.split(/\s+/).filter((word) => word !== '').length).toBeLessThan(400);
  });

  it.each(FACTS)('says %s', (_, said) => {
    expect(BODY).toMatch(said);
  });

  it('shows commands that run as printed', async () => {
    const outcomes = await runAll(SKILL_COMMANDS, stage());
    expect(outcomes.get('csa session wait ID')).toMatch(/^3 [\s\S]*CSA:SESSION_WAIT_COMPLETED/);
    expect(outcomes.get('csa session warm ID')).toMatch(/^0 .*CSA:SESSION_WARM .*action=collect/s);
    expect(outcomes.get('csa session result ID')).toContain('2 tests failed');
    expect(outcomes.get('csa session logs ID --tail 50')).toBe('0 2 tests failed\n');
    expect([...outcomes.values()].filter((outcome) => !outcome.startsWith('0 '))).toHaveLength(1);
  });
});

describe('csa agents-md', () => {
  it('prints its lines, which are twelve, and takes no word', async () => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['agents-md'], { world });
    expect([code, stderr, stdout.split('\n').length - 1]).toEqual([0, '', 12]);
    expect(stdout).toBe(`${AGENTS.join('\n')}\n`);
    expect((await runCsa(['agents-md', 'claude'], { world })).code).toBe(125);
  });

  it('stands apart from what a file ends with, with or without a newline', async () => {
    const { world, env } = stage();
    for (const text of ['# Rules', '# Rules\n']) {
      writeFileSync(join(world.project, 'AGENTS.md'), text);
      await shell('csa agents-md >> AGENTS.md', { world, env });
      expect(readFileSync(join(world.project, 'AGENTS.md'), 'utf8')).toMatch(/^# Rules\n+## Long jobs: csa\n\n- /);
    }
    expect(existsSync(world.stateRoot)).toBe(false);
  });

  it.each(FACTS)('says %s', (_, said) => {
    expect(AGENTS.join('\n')).toMatch(said);
  });

  it('names no command that the skill does not name', () => {
    const known = new Set(SKILL_COMMANDS.map(formOf));
    expect(AGENTS_COMMANDS.length).toBeGreaterThan(0);
    expect(AGENTS_COMMANDS.filter((command) => !known.has(formOf(command)))).toEqual([]);
  });

  it('shows commands that run as printed', async () => {
    const outcomes = await runAll(AGENTS_COMMANDS, stage());
    expect(outcomes.get('csa session wait ID')).toMatch(/^3 [\s\S]*CSA:SESSION_WAIT_COMPLETED/);
    expect([...outcomes.values()].filter((outcome) => !outcome.startsWith('0 '))).toHaveLength(1);
  });
});
