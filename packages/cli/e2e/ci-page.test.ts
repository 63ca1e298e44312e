import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunResult, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { ACTION, ROOT } from './action-runner.ts';
import { answerOf } from './answer.ts';
import { blocksOf, docPage } from './doc-page.ts';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const PAGE = docPage('docs/ci.md');
const SHELLS = blocksOf(PAGE, 'sh');
const [GITHUB = '', GITLAB = ''] = blocksOf(PAGE, 'yaml');

interface Stage {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
}

/** A CI machine whose make test fails, at once or never. */
function stage(make: 'fails' | 'goes on'): Stage {
  const world = temporaryWorld();
  const programs = {
    make: make === 'fails' ? 'echo 2 tests failed; exit 3' : 'exec sleep 600',
    npm: 'echo "$*" >"$HOME/npm.words"',
  };
  return { world, env: { PATH: userPath(world, programs), CI: 'true' } };
}

const run = (example: number, on: Stage): Promise<RunResult> => shell(SHELLS[example] ?? '', on);

/** The first column of the table below a heading, without the marks of code. */
function firstColumn(heading: string): string[] {
  const [, table = ''] = new RegExp(`^\\| ${heading} +\\|.*\\n\\| -.*\\n((?:\\|.*\\n)+)`, 'm').exec(PAGE) ?? [];
  return Array.from(table.matchAll(/^\| `?([^`|]+?)`? +\|/gm), ([, cell = '']) => cell);
}

describe('the page on CI', () => {
  it('has a check for each of its examples', () => {
    expect([SHELLS.length, blocksOf(PAGE, 'yaml').length]).toEqual([4, 2]);
  });

  it('shows a start that waits', async () => {
    const answer = answerOf(await run(0, stage('fails')));
    expect([answer.code, answer.status.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
  });

  it('shows how alive is told from done on a whole machine', async () => {
    const answer = answerOf(await run(1, stage('goes on')));
    expect([answer.code, answer.status.name]).toEqual([75, 'SESSION_WAIT_KV_WARM']);
  });

  it('shows a wait below the limit of a service', async () => {
    expect(answerOf(await run(2, stage('fails'))).code).toBe(3);
  });

  it('shows a document for programs', async () => {
    const on = stage('fails');
    expect((await run(3, on)).code).toBe(3);
    const document = JSON.parse(readFileSync(join(on.world.project, 'verdict.json'), 'utf8'));
    expect(faultsOf('session-wait', document)).toEqual([]);
    expect(document).toMatchObject({ wait_result: 'finished', status: 'failure', exit: 3 });
  });

  it('shows lines for GitLab that run', async () => {
    const job = parse(GITLAB)['load-test'];
    const on = stage('fails');
    expect((await shell(job.script.join(' &&\n'), on)).code).toBe(3);
    expect(readFileSync(join(on.world.home, 'npm.words'), 'utf8')).toBe('install --global @csa/cli\n');
    expect(job.allow_failure).toEqual({ exit_codes: 75 });
  });

  it('uses the action as it is, in the version that it has', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
    const jobs = Object.values(parse(GITHUB).jobs) as Array<{ steps: Array<{ uses: string; with: object }> }>;
    const uses = jobs.flatMap(({ steps }) => steps).filter(({ uses }) => uses.startsWith('OWNER/'));
    expect(uses.map((step) => step.uses)).toEqual([`OWNER/csa@v${version}`, `OWNER/csa@v${version}`]);
    for (const name of uses.flatMap((step) => Object.keys(step.with))) expect(ACTION.inputs).toHaveProperty(name);
  });

  it('lists the inputs with their defaults, and the outputs', () => {
    expect(firstColumn('input')).toEqual(Object.keys(ACTION.inputs));
    expect(firstColumn('output')).toEqual(Object.keys(ACTION.outputs));
    for (const [name, { default: value }] of Object.entries(ACTION.inputs)) {
      if (name !== 'version' && value !== '')
        expect(PAGE).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${value}\` +\\|`, 'm'));
    }
  });

  it('lists every kind of exit code', () => {
    expect(firstColumn('code')).toEqual(['0', '75', '124', '125', '129, 130, 143', 'any other']);
  });
});
