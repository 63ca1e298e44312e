import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Callable, type Workflow, workflowFaults } from './workflow-faults.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const CALLABLE: Callable = {
  scripts: Object.keys(JSON.parse(read('package.json')).scripts),
  exists: (path) => existsSync(join(ROOT, path)),
};
const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}`)) as Workflow;

describe.each(readdirSync(join(ROOT, '.github/workflows')))('the workflow %s', (name) => {
  it('may do no more than it needs, pins what it uses, and calls what is there', () => {
    expect(workflowFaults(workflow(name), CALLABLE)).toEqual([]);
  });
});

it('the commands of CONTRIBUTING call what is there', () => {
  const blocks = Array.from(read('CONTRIBUTING.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, run = '']) => ({ run }));
  expect(blocks.length).toBeGreaterThan(2);
  const job = { 'timeout-minutes': 1, steps: blocks };
  expect(workflowFaults({ on: 'push', permissions: {}, jobs: { job } }, CALLABLE)).toEqual([]);
});

describe('a release', () => {
  const { jobs = {} } = workflow('release.yml');
  const permissions = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]));

  it('gives each job only what it needs, and npm’s trust to the one that publishes', () => {
    expect(permissions).toEqual({
      'select-mode': { contents: 'read' },
      version: { contents: 'write', 'pull-requests': 'write' },
      test: { contents: 'read' },
      publish: { contents: 'write', 'id-token': 'write' },
    });
  });

  it('publishes what was tested, with provenance, and knows no secret', () => {
    expect(jobs['publish']).toMatchObject({ needs: 'test', env: { PNPM_CONFIG_PROVENANCE: 'true' } });
    expect(read('.github/workflows/release.yml')).not.toContain('secrets.');
  });

  it('pins every action to a commit', () => {
    const used = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []));
    for (const uses of used) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });

  it('has one version for all packages', () => {
    expect(JSON.parse(read('.changeset/config.json'))).toMatchObject({ fixed: [['@csa/*']], access: 'public' });
    const folders = readdirSync(join(ROOT, 'packages')).filter((name) =>
      CALLABLE.exists(`packages/${name}/package.json`),
    );
    const versions = folders.map((name) => JSON.parse(read(`packages/${name}/package.json`)).version);
    expect(new Set(versions).size).toBe(1);
  });
});

describe('a fault is found:', () => {
  const sound = (step: object = { run: 'npm test' }, job: object = {}): Workflow =>
    ({
      on: 'push',
      permissions: { contents: 'read' },
      jobs: { a: { 'timeout-minutes': 1, steps: [step], ...job } },
    }) as Workflow;
  const expression = (inner: string): string => ['$', `{{ ${inner} }}`].join('');
  const callable: Callable = { scripts: ['test', 'build'], exists: (path) => path === 'scripts/a.mjs' };

  it.each<[string, Workflow, number]>([
    ['none', sound(), 0],
    ['no permissions', { ...sound(), permissions: undefined } as never, 1],
    ['all may write', { ...sound(), permissions: { contents: 'write' } }, 1],
    ['a job may write everything', sound({}, { permissions: 'write-all' }), 1],
    ['a job may write what it names', sound({}, { permissions: { contents: 'write' } }), 0],
    ['a stranger’s trigger', { ...sound(), on: { pull_request_target: {} } }, 1],
    ['no job', { ...sound(), jobs: {} }, 1],
    ['no time limit', sound({}, { 'timeout-minutes': undefined }), 1],
    ['a branch', sound({ uses: 'some/action@main' }), 1],
    ['a version', sound({ uses: 'actions/setup-node@v6' }), 0],
    ['a commit', sound({ uses: `some/action/deep@${'0'.repeat(40)}` }), 0],
    ['our own action', sound({ uses: './' }), 0],
    ['a token left behind', sound({ uses: 'actions/checkout@v7' }, { permissions: { contents: 'write' } }), 1],
    ['an unknown script', sound({ run: 'npm run nothing' }), 1],
    ['a known script', sound({ run: 'npm run build && npm ci' }), 0],
    ['an unknown file', sound({ run: 'node scripts/b.mjs x' }), 1],
    ['a known file', sound({ run: 'node scripts/a.mjs x' }), 0],
    ['a title in a script', sound({ run: `echo "${expression('github.event.pull_request.title')}"` }), 1],
    ['a branch in a script', sound({ run: `echo ${expression('github.head_ref')}` }), 1],
    ['a matrix in a script', sound({ run: `echo ${expression('matrix.node')}` }), 0],
  ])('%s', (_, faulty, faults) => {
    expect(workflowFaults(faulty, callable)).toHaveLength(faults);
  });
});
