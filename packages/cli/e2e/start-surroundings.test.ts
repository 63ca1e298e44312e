import { parseMarkers } from '@csa/markers';
import { runCsa, sessionDirectory, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { sessionFile, startJob } from './job.ts';

/** The command's whole environment as `env` prints it. */
async function environmentOf(world: World, flags: string[], env: NodeJS.ProcessEnv = {}) {
  const id = await startJob(['env'], { world, env }, flags);
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  const lines = sessionFile(world, id, 'stdout.log').trimEnd().split('\n');
  return {
    id,
    env: Object.fromEntries(lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)])),
  };
}

async function refusalOf(world: World, flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await runCsa(['session', 'start', ...flags, '--', 'true'], { world, env });
  expect([code, stdout]).toEqual([125, '']);
  expect((await runCsa(['session', 'list', '--json'], { world })).stdout).toContain('"sessions":[]');
  return { reason: attribute(parseMarkers(stderr).at(-1), 'reason'), stderr };
}

describe('--clear-env', () => {
  it('gives the command PATH, its directory, what --env brings and where its session is: nothing else', async () => {
    const world = temporaryWorld();
    const flags = ['--clear-env', '--env', 'GREETING=hello', '--env', 'TOKEN'];
    const caller = { CLAUDECODE: '1', CSA_SESSION_ID: 'outer', TOKEN: 's3cr3t', LANG: 'C.UTF-8', NODE_OPTIONS: '' };
    const { id, env } = await environmentOf(world, flags, caller);
    const directory = sessionDirectory(world, id);
    expect(env).toEqual({
      PATH: world.env['PATH'],
      PWD: world.project,
      GREETING: 'hello',
      TOKEN: 's3cr3t',
      CSA_SESSION_ID: id,
      CSA_SESSION_DIR: directory,
      CSA_RESULT_FILE: `${directory}/output/result.toml`,
    });
  });

  it('leaves --env the last word on PATH', async () => {
    const { env } = await environmentOf(temporaryWorld(), ['--clear-env', '--env', 'PATH=/usr/bin:/bin']);
    expect(env['PATH']).toBe('/usr/bin:/bin');
  });
});

describe('--env NAME', () => {
  it('passes on what the caller has, a mark of its agent and an empty value too', async () => {
    const world = temporaryWorld();
    const flags = ['--env', 'CLAUDECODE', '--env', 'EMPTY'];
    const { env } = await environmentOf(world, flags, { CLAUDECODE: '1', CODEX_CI: '1', EMPTY: '' });
    expect(env).toMatchObject({ CLAUDECODE: '1', EMPTY: '' });
    expect(env).not.toHaveProperty('CODEX_CI');
  });

  it('is refused where there is nothing to pass on, and for what is reserved', async () => {
    const world = temporaryWorld();
    const unset = await refusalOf(world, ['--env', 'NO_SUCH_VARIABLE']);
    expect([unset.reason, unset.stderr.includes('NO_SUCH_VARIABLE')]).toEqual(['bad-env', true]);
    expect((await refusalOf(world, ['--env', 'CSA_SESSION_ID'], { CSA_SESSION_ID: 'x' })).reason).toBe('bad-env');
  });
});

describe('--label', () => {
  it('stands in the record and in what shows it', async () => {
    const world = temporaryWorld();
    const id = await startJob(['true'], { world }, ['--label', 'team=api', '--label', 'run=42', '--label=empty=']);
    expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
    const { stdout } = await runCsa(['session', 'list', '--json'], { world });
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [{ id, labels: { team: 'api', run: '42', empty: '' } }] });
  });

  it.each([
    [['--label', 'team']],
    [['--label', '=api']],
    [['--label', 'a=1', '--label', 'a=2']],
    [['--label', 'a=two\nlines']],
    [['--label', `a=${'x'.repeat(201)}`]],
    [Array.from({ length: 33 }, (_, i) => [`--label`, `k${i}=x`]).flat()],
  ])('is refused when it is no label: %j', async (flags) => {
    expect((await refusalOf(temporaryWorld(), flags)).reason).toBe('bad-label');
  });
});

it('has a help that names every flag, and what becomes of the exit code', async () => {
  const { stdout } = await runCsa(['session', 'start', '--help'], { world: temporaryWorld() });
  const flags = ['wait', 'cap', 'timeout', 'until-done', 'alive-exit-code', 'heartbeat', 'model-provider', 'json'];
  const others = ['stdin', 'clear-env', 'keep-agent-env', 'env', 'label', 'idle-timeout', 'max-time', 'cd', 'tool'];
  for (const flag of [...flags, ...others, 'description']) expect(stdout).toMatch(new RegExp(`^ +--${flag}\\b`, 'm'));
  for (const word of ['125', 'CSA_RESULT_FILE', 'docker', 'With --wait']) expect(stdout).toContain(word);
});
