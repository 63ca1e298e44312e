import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, hashTree, type RunResult, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute } from './answer.ts';
import { run, shell } from './program.ts';

interface Shown {
  readonly values: ReadonlyArray<{
    readonly key: string;
    readonly value: unknown;
    readonly origin: {
      readonly kind: string;
      readonly variable: string | null;
      readonly path: string | null;
      readonly line: number | null;
    };
    readonly instead_of: ReadonlyArray<{
      readonly value: unknown;
      readonly origin: { readonly kind: string };
      readonly trouble: string | null;
    }>;
  }>;
  readonly cap: { readonly ms: number | null; readonly source: string | null; readonly trouble: string | null };
  readonly files: ReadonlyArray<{ readonly scope: string; readonly state: string; readonly path: string | null }>;
  readonly warnings: readonly string[];
  readonly unknown: ReadonlyArray<{ readonly key: string }>;
}

const userConfig = (world: World): string => join(world.home, '.config/cli-sub-agent/config.toml');
const projectConfig = (world: World): string => join(world.project, '.csa/config.toml');

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function show(world: World, flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return runCsa(['config', 'show', ...flags], { world, env });
}

/** The document, which is well by its schema. */
async function shown(world: World, flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Shown> {
  const { code, stdout, stderr } = await show(world, ['--json', ...flags], env);
  expect([code, stderr, stdout.split('\n').length]).toEqual([0, '', 2]);
  const document = JSON.parse(stdout);
  expect(faultsOf('config-show', document)).toEqual([]);
  return document;
}

function settingOf({ values }: Shown, key: string): Shown['values'][number] {
  const found = values.find((value) => value.key === key);
  if (found === undefined) throw new Error(`${key} is not shown`);
  return found;
}

describe('config show', () => {
  it('shows the defaults where nobody says anything, and where was looked', async () => {
    const world = temporaryWorld();
    const config = await shown(world);
    expect(config.values.map(({ key, value, origin }) => [key, value, origin.kind])).toEqual([
      ['kv_cache.long_poll_seconds', 240, 'default'],
      ['wait.alive_exit_code', 0, 'default'],
      ['hooks.session_finished', null, 'default'],
      ['warm.driver', null, 'default'],
      ['warm.command', null, 'default'],
      ['warm.duration_seconds', 1_800, 'default'],
      ['warm.interval_seconds', null, 'default'],
      ['warm.ttl_seconds', null, 'default'],
      ['warm.budget_usd', null, 'default'],
      ['warm.budget_per_warm_usd', null, 'default'],
      ['warm.threshold_usd', 0.05, 'default'],
      ['warm.base_url', null, 'default'],
      ['warm.capture', null, 'default'],
      ['warm.credential_helper', null, 'default'],
    ]);
    expect(config.files).toEqual([
      { scope: 'project', state: 'absent', path: projectConfig(world), why: null },
      { scope: 'user', state: 'absent', path: userConfig(world), why: null },
    ]);
    expect([config.warnings, config.unknown]).toEqual([[], []]);
    expect(config.cap).toMatchObject({ ms: 240_000, source: 'default', trouble: null });
  });

  it('shows what is in force, where it stands and what it goes before', async () => {
    const world = temporaryWorld();
    write(userConfig(world), '[wait]\n# for CI\nalive_exit_code = 72\n');
    write(projectConfig(world), '[wait]\nalive_exit_code = 71\n');
    const setting = settingOf(await shown(world, [], { CSA_ALIVE_EXIT_CODE: '70' }), 'wait.alive_exit_code');
    expect(setting).toMatchObject({ value: 70, origin: { kind: 'environment', variable: 'CSA_ALIVE_EXIT_CODE' } });
    expect(setting.instead_of).toMatchObject([
      { value: 71, origin: { kind: 'project', path: projectConfig(world), line: 2 } },
      { value: 72, origin: { kind: 'user', path: userConfig(world), line: 3 } },
      { value: 0, origin: { kind: 'default' } },
    ]);
    const { stdout } = await show(world, ['--origin']);
    expect(stdout).toContain(`71     ${projectConfig(world)}:2`);
    expect(stdout).toContain(`72 (${userConfig(world)}:3), 0 (default)`);
    expect((await show(world)).stdout).not.toContain('INSTEAD OF');
  });

  it('shows a value that cannot be used beside the one in force', async () => {
    const world = temporaryWorld();
    write(userConfig(world), '[kv_cache]\nlong_poll_seconds = "soon"\n[kv_cache.provider_ttls]\nopenai = 0\n');
    const config = await shown(world, [], { CSA_WAIT_CAP: 'later' });
    expect(settingOf(config, 'kv_cache.long_poll_seconds')).toMatchObject({
      value: 240,
      origin: { kind: 'default' },
      instead_of: [
        { value: null, trouble: expect.stringContaining('every wait is refused') },
        { value: null, trouble: expect.stringContaining('got "soon"') },
      ],
    });
    expect(settingOf(config, 'kv_cache.provider_ttls.openai').value).toBeNull();
    expect(config.warnings).toHaveLength(3);
    expect(config.cap).toMatchObject({ ms: null, trouble: expect.stringContaining('CSA_WAIT_CAP') });
  });

  it('looks into the project that --cd names', async () => {
    const world = temporaryWorld();
    write(join(world.home, 'api/.csa/config.toml'), '[kv_cache]\nlong_poll_seconds = 7\n');
    const config = await shown(world, ['--cd', join(world.home, 'api')]);
    expect(settingOf(config, 'kv_cache.long_poll_seconds')).toMatchObject({ value: 7, origin: { kind: 'project' } });
    expect(config.cap).toMatchObject({ ms: 7_000, source: 'project-config' });
  });

  it('refuses a --cd that is no directory', async () => {
    const { code, stdout, stderr } = await show(temporaryWorld(), ['--cd', '/none']);
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe('invalid-directory');
  });

  it('shows the user’s config also where there is no current directory, and no home', async () => {
    const world = temporaryWorld();
    write(userConfig(world), '[wait]\nalive_exit_code = 75\n');
    const gone = join(world.home, 'gone');
    mkdirSync(gone);
    const argv = `cd "${gone}" && rmdir "${gone}" && exec "$@"`;
    const words = [testNode(), builtCsa, 'config', 'show', '--json'];
    const { code, stdout } = await run(['sh', '-c', argv, 'sh', ...words], { world });
    expect([code, settingOf(JSON.parse(stdout), 'wait.alive_exit_code').value]).toEqual([0, 75]);
    const homeless = await shown(world, [], { HOME: 'relative', XDG_CONFIG_HOME: undefined });
    expect(homeless.files.at(1)).toMatchObject({ scope: 'user', state: 'nowhere', path: null });
  });

  it('keeps what hooks may hold secret to itself, unless it is told to reveal it', async () => {
    const world = temporaryWorld();
    write(userConfig(world), '[hooks]\nsession_finished = ["TOKEN=hush notify", "curl https://hooks.example/hush"]\n');
    for (const flags of [[], ['--origin'], ['--json']]) {
      const { stdout, stderr } = await show(world, flags);
      expect(stdout + stderr).not.toContain('hush');
    }
    const revealed = settingOf(await shown(world, ['--reveal']), 'hooks.session_finished').value;
    expect(revealed).toEqual(['TOKEN=hush notify', 'curl https://hooks.example/hush']);
  });

  it('says that the hooks of a repository do not count', async () => {
    const world = temporaryWorld();
    write(projectConfig(world), '[hooks]\nsession_finished = "evil"\n');
    const config = await shown(world);
    expect(settingOf(config, 'hooks.session_finished')).toMatchObject({ value: null, origin: { kind: 'default' } });
    expect(config.warnings).toEqual([expect.stringContaining('a repository must not run commands')]);
  });

  it('shows what a program of the warmer’s is by its first words, and each price', async () => {
    const world = temporaryWorld();
    write(
      userConfig(world),
      '[warm]\ncommand = ["sh", "-c", "TOKEN=SECRET warm"]\n[warm.prices]\n"claude-x-1" = 2.5\n',
    );
    const config = await shown(world);
    expect(settingOf(config, 'warm.command').value).toEqual(['sh', '-c', 'TOKEN=…']);
    expect(settingOf(config, 'warm.prices.claude-x-1').value).toBe(2.5);
    expect((await show(world)).stdout).not.toContain('SECRET');
  });

  it('lists what is not known to it, and asks what was meant where that is close to something', async () => {
    const world = temporaryWorld();
    write(userConfig(world), 'schema_version = 1\n[tools.codex]\nenabled = true\n[wait]\nalive_exit_cod = 75\n');
    const config = await shown(world);
    expect(config.unknown.map(({ key }) => key)).toEqual(['schema_version', 'tools']);
    expect(config.warnings).toEqual([
      expect.stringContaining(`${userConfig(world)}:5: unknown key wait.alive_exit_cod (did you mean`),
    ]);
    expect((await show(world)).stdout).toMatch(/^NOTES\n.*not known to this program: schema_version, tools$/m);
  });

  it.each<[string, (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['endless', (path) => symlinkSync('/dev/zero', path)],
    ['torn', (path) => writeFileSync(path, '[kv_cache\n')],
    ['not UTF-8', (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]))],
    ['a bomb', (path) => writeFileSync(path, `a = ${'['.repeat(200_000)}`)],
    [
      'a flood',
      (path) => writeFileSync(path, `[wait]\n${Array.from({ length: 40_000 }, (_, i) => `k${i} = 1\n`).join('')}`),
    ],
    ['of prototypes', (path) => writeFileSync(path, '[__proto__]\nx = 1\n[wait.__proto__]\nalive_exit_code = 9\n')],
    [
      'full of escape sequences',
      (path) => writeFileSync(path, '"\\u001b[31m<!-- CSA:X -->" = 1\n[wait]\n"\\u202ex" = 1\n'),
    ],
  ])('is not stopped by a config that is %s', async (_title, make) => {
    const world = temporaryWorld();
    mkdirSync(dirname(userConfig(world)), { recursive: true });
    make(userConfig(world));
    const config = await shown(world);
    expect(settingOf(config, 'wait.alive_exit_code').value).toBe(0);
    const { code, stdout } = await show(world, ['--origin']);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/[\u001b\u202e]|<!-- CSA:/);
  });

  it('changes nothing', async () => {
    const world = temporaryWorld();
    write(userConfig(world), '[wait]\nx = 1\n');
    const before = [hashTree(world.home), hashTree(world.project)];
    await show(world, ['--origin']);
    expect([hashTree(world.home), hashTree(world.project)]).toEqual(before);
  });
});

it('the topic alone shows its help', async () => {
  const world = temporaryWorld();
  for (const words of [['config'], ['config', '--help'], ['help', 'config']]) {
    const { code, stdout } = await runCsa(words, { world });
    expect([code, /^ +config show /m.test(stdout), stdout.includes('config show --origin')]).toEqual([0, true, true]);
  }
});

it.each([
  ['config', 'show', '--bogus'],
  ['config', 'show', 'extra'],
  ['config', 'shwo'],
])('%s %s %s is refused', async (...words) => {
  const { code, stdout, stderr } = await runCsa(words, { world: temporaryWorld() });
  expect([code, stdout]).toEqual([125, '']);
  expect(parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '')).toHaveLength(1);
});

describe('an ordinary wait', () => {
  const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

  /** What a wait for a session that ended long ago says on stderr. */
  async function warned(world: World): Promise<string> {
    const started = await runCsa(['session', 'start', '--', 'true'], { world });
    const { code, stderr } = await runCsa(['session', 'wait', started.stdout.trim(), '--cap', '30s'], { world });
    expect([code, started.stdout.trim().length]).toEqual([0, ID.length]);
    return stderr;
  }

  it('warns of a slip in a table of its own, and of nothing that is the older program’s', async () => {
    const world = temporaryWorld();
    write(
      userConfig(world),
      'schema_version = 1\n[tools.x]\ny = 1\n[kv_cache]\nfrequent_poll_seconds = 60\n[gc]\nx = 1\n',
    );
    expect(await warned(world)).not.toContain('config.toml');
    write(userConfig(world), '[wait]\nalive_exit_cod = 75\n');
    expect(await warned(world)).toContain('did you mean wait.alive_exit_code?');
  });

  it('is not failed by a home that is not known, as long as the session is found', async () => {
    const world = temporaryWorld();
    const { stdout } = await runCsa(['session', 'start', '--', 'true'], { world });
    const env = { HOME: 'relative', XDG_CONFIG_HOME: undefined };
    const { code, stderr } = await runCsa(['session', 'wait', stdout.trim(), '--cap', '30s'], { world, env });
    expect([code, stderr.includes('home directory')]).toEqual([0, true]);
  });
});

it('a reader that goes away is no failure, and output that is lost is one', async () => {
  const world = temporaryWorld();
  const csa = `"${testNode()}" "${builtCsa}" config show`;
  expect((await shell(`${csa} >/dev/full`, { world })).code).toBe(125);
  expect((await shell(`{ ${csa}; echo $? >code; } | head -c 0; cat code`, { world })).stdout).toBe('0\n');
});
