import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type Answer, attributes, waitFor } from './answer.ts';
import { startGated } from './job.ts';

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function writeUserConfig(world: World, text: string): void {
  write(join(world.home, '.config/cli-sub-agent/config.toml'), text);
}

async function waitWith(world: World, flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  return waitFor([await startGated(world), ...flags], { world, env });
}

function capOf(answer: Answer): (string | undefined)[] {
  return Object.values(attributes(answer.status, 'cap', 'cap_source'));
}

it('is the one of the session’s own project, wherever the wait is called', async () => {
  const world = temporaryWorld();
  write(join(world.project, '.csa/config.toml'), '[kv_cache]\nlong_poll_seconds = 1\n[wait]\nalive_exit_code = 75\n');
  const id = await startGated(world);
  for (const cwd of [world.project, world.home, '/']) {
    const answer = await waitFor([id], { world, cwd });
    expect([answer.code, ...capOf(answer)]).toEqual([75, '1s', 'project-config']);
  }
});

describe('the cap', () => {
  it('comes from --cap before all else, then from CSA_WAIT_CAP, the project and the user', async () => {
    const world = temporaryWorld();
    writeUserConfig(world, '[kv_cache]\nlong_poll_seconds = 1\n');
    expect(capOf(await waitWith(world))).toEqual(['1s', 'user-config']);
    write(join(world.project, '.csa/config.toml'), '[kv_cache]\nlong_poll_seconds = 2\n');
    expect(capOf(await waitWith(world))).toEqual(['2s', 'project-config']);
    expect(capOf(await waitWith(world, [], { CSA_WAIT_CAP: '300ms' }))).toEqual(['300ms', 'env']);
    expect(capOf(await waitWith(world, ['--timeout', '0'], { CSA_WAIT_CAP: '300ms' }))).toEqual(['0s', 'flag']);
  });

  it('comes from the time of the named provider', async () => {
    const world = temporaryWorld();
    writeUserConfig(world, '[kv_cache]\nlong_poll_seconds = 600\n[kv_cache.provider_ttls]\nacme = 1\n');
    expect(capOf(await waitWith(world, ['--model-provider', 'acme']))).toEqual(['1s', 'user-config']);
  });

  it('is read in every form of a duration', async () => {
    const forms = [
      ['1', '1s'],
      ['150ms', '150ms'],
      ['1s', '1s'],
      ['0h0m1s', '1s'],
      ['0', '0s'],
    ];
    const world = temporaryWorld();
    const answers = await Promise.all(forms.map(([text = '']) => waitWith(world, ['--cap', text])));
    expect(answers.map(capOf)).toEqual(forms.map(([, shown]) => [shown, 'flag']));
  });
});

describe('a config that cannot be used', () => {
  it('that is malformed is named with line and column, and the wait goes on', async () => {
    const world = temporaryWorld();
    writeUserConfig(world, '[kv_cache]\nlong_poll_seconds = = 2\n');
    const answer = await waitWith(world, ['--cap', '0']);
    expect(answer.code).toBe(0);
    expect(answer.stderr).toContain(join(world.home, '.config/cli-sub-agent/config.toml'));
    expect(answer.stderr).toMatch(/(?:line|row) 2\b.*col/i);
  });

  it.each([
    ['a word', '"soon"'],
    ['a number out of range', '0'],
    ['a fraction', '1.5'],
    ['an integer past 64 bits', '99999999999999999999'],
  ])('that holds %s for the cap is a warning, and the wait goes on', async (_title, value) => {
    const world = temporaryWorld();
    writeUserConfig(world, `[kv_cache]\nlong_poll_seconds = ${value}\n`);
    const answer = await waitWith(world, [], { CSA_WAIT_CAP: '100ms' });
    expect([answer.code, ...capOf(answer)]).toEqual([0, '100ms', 'env']);
    expect(answer.stderr).toMatch(/long_poll_seconds|config/);
  });

  it('that is a directory, or endless, is a warning', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.project, '.csa/config.toml'), { recursive: true });
    const answer = await waitWith(world, ['--cap', '0']);
    expect(answer.code).toBe(0);
    expect(answer.stderr).toContain('.csa/config.toml');
  });
});

describe('the exit code of an alive ending', () => {
  it('comes from the flag, then the environment, then the config', async () => {
    const world = temporaryWorld();
    const look = ['--cap', '0'];
    expect((await waitWith(world, look)).code).toBe(0);
    writeUserConfig(world, '[wait]\nalive_exit_code = 77\n');
    expect((await waitWith(world, look)).code).toBe(77);
    expect((await waitWith(world, look, { CSA_ALIVE_EXIT_CODE: '76' })).code).toBe(76);
    expect((await waitWith(world, [...look, '--alive-exit-code', '75'], { CSA_ALIVE_EXIT_CODE: '76' })).code).toBe(75);
  });

  it('of 124 in the config is a warning, and 0 stays', async () => {
    const world = temporaryWorld();
    writeUserConfig(world, '[wait]\nalive_exit_code = 124\n');
    const answer = await waitWith(world, ['--cap', '0']);
    expect(answer.code).toBe(0);
    expect(answer.stderr).toContain('alive_exit_code');
  });

  it('is repeated in the printed command', async () => {
    const answer = await waitWith(temporaryWorld(), ['--cap', '0', '--alive-exit-code', '75']);
    expect(answer.status.attributes.get('cmd')).toMatch(/ --alive-exit-code 75$/);
  });
});

describe('in CI', () => {
  const warning = /^(?!csa:).*CI.*$/m;

  it('an alive ending without a code of its own says so on stderr', async () => {
    const world = temporaryWorld();
    expect((await waitWith(world, ['--cap', '0'], { CI: 'true' })).stderr).toMatch(warning);
    expect((await waitWith(world, ['--cap', '0'])).stderr).not.toMatch(warning);
    const chosen = await waitWith(world, ['--cap', '0', '--alive-exit-code', '75'], { CI: 'true' });
    expect(chosen.stderr).not.toMatch(warning);
  });
});
