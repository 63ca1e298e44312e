import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, hashTree, type RunResult, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute } from './answer.ts';
import { startJob } from './job.ts';
import { run, shell } from './program.ts';

const AGENTS = ['claude', 'codex', 'gemini', 'opencode', 'cursor'];

function setup(world: World, ...words: string[]): Promise<RunResult> {
  return runCsa(['setup', ...words], { world });
}

function write(path: string, text: string | Buffer): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function reasonIn({ stderr }: RunResult): string | undefined {
  const [marker] = parseMarkers(stderr);
  return marker && attribute(marker, 'reason');
}

describe.each(AGENTS)('csa setup %s', (agent) => {
  it('shows with --print what it then writes, and undoes all of it', async () => {
    const world = temporaryWorld();
    const before = hashTree(world.home);
    const print = await setup(world, agent, '--print');
    expect([print.code, hashTree(world.home)]).toEqual([0, before]);
    const first = await setup(world, agent);
    expect([first.code, first.stdout]).toEqual([0, print.stdout]);
    const files = [...first.stdout.matchAll(/^\+\+\+ (.*)$/gm)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600]);
    const second = await setup(world, agent);
    expect([second.code, second.stdout, second.stderr.match(/as it was/g)?.length]).toEqual([0, '', files.length]);
    const undo = await setup(world, agent, '--undo');
    expect([undo.code, files.filter((path) => existsSync(path))]).toEqual([0, []]);
    const nothing = await setup(world, agent, '--undo');
    expect([nothing.code, nothing.stdout, nothing.stderr]).toEqual([0, '', expect.stringContaining('nothing to undo')]);
  });

  it('says in one document what it did, for the project of the current directory', async () => {
    const world = temporaryWorld();
    for (const [flags, change] of [
      [['--print'], 'created'],
      [[], 'created'],
      [[], 'unchanged'],
      [['--undo'], 'removed'],
    ] as const) {
      const { code, stdout, stderr } = await setup(world, agent, '--project', '--json', ...flags);
      const document = JSON.parse(stdout);
      expect([code, stderr, faultsOf('setup', document)]).toEqual([0, '', []]);
      expect(document).toMatchObject({ agent, place: world.project, exit: 0 });
      for (const file of document.files)
        expect([file.path.startsWith(world.project), file.change]).toEqual([true, change]);
    }
  });
});

it('the programs that are written run: a hook of each agent, in the form that it reads', async () => {
  const world = temporaryWorld();
  const id = await startJob(['true'], { world });
  for (const agent of ['claude', 'gemini', 'cursor']) await setup(world, agent);
  const settings = (path: string) => JSON.parse(readFileSync(join(world.home, path), 'utf8'));
  const claude = settings('.claude/settings.json').hooks;
  const commands = [
    claude.SessionStart[0].hooks[0].command,
    claude.Stop[0].hooks[0].command,
    settings('.gemini/settings.json').hooks.SessionStart[0].hooks[0].command,
    settings('.cursor/hooks.json').hooks.sessionStart[0].command,
  ];
  const answers = await Promise.all(commands.map((command) => shell(command, { world })));
  for (const answer of answers) expect(answer).toMatchObject({ code: 0, stderr: '' });
  const [plain = '', , gemini = '', cursor = ''] = answers.map(({ stdout }) => stdout);
  expect(plain).toContain(id);
  expect(JSON.parse(gemini)).toEqual({
    hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: plain.trimEnd() },
  });
  expect(JSON.parse(cursor)).toEqual({ additional_context: plain.trimEnd() });
  const { csa } = settings('.claude.json').mcpServers;
  expect([csa.command, csa.args]).toEqual([testNode(), [builtCsa, 'mcp']]);
});

it.each<[string, object, string, string]>([
  ['claude', { CLAUDE_CONFIG_DIR: 'elsewhere' }, 'elsewhere/.claude.json', 'elsewhere/settings.json'],
  ['codex', { CODEX_HOME: 'elsewhere' }, 'elsewhere/config.toml', 'elsewhere/rules/csa.rules'],
  [
    'gemini',
    { GEMINI_CLI_HOME: 'elsewhere' },
    'elsewhere/.gemini/settings.json',
    'elsewhere/.gemini/policies/csa.toml',
  ],
  [
    'opencode',
    { XDG_CONFIG_HOME: 'elsewhere' },
    'elsewhere/opencode/opencode.jsonc',
    'elsewhere/opencode/plugins/csa.js',
  ],
  ['opencode', { OPENCODE_CONFIG: 'mine.json' }, 'mine.json', '.config/opencode/plugins/csa.js'],
])('%s is found where the environment says: %j', async (agent, env, ...paths) => {
  const world = temporaryWorld();
  const absolute = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, join(world.home, path)]));
  const { code } = await runCsa(['setup', agent], { world, env: absolute });
  expect([code, ...paths.map((path) => existsSync(join(world.home, path)))]).toEqual([0, true, true]);
});

it('the opencode file that is there is the one that is changed', async () => {
  const world = temporaryWorld();
  const path = write(join(world.home, '.config/opencode/opencode.json'), '{ "permission": "ask" }\n');
  const { code, stderr } = await setup(world, 'opencode');
  expect([code, existsSync(`${path}c`)]).toEqual([0, false]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ permission: 'ask', mcp: { csa: { type: 'local' } } });
  expect(stderr).toMatch(/left: .* session \* without a question: permission is no object\n {2}\{\n/);
});

describe('what is left alone is said, with the lines to write there', () => {
  const WAYS: Record<string, [reason: string, spoil: (path: string) => void]> = {
    'no JSON': ['unparsable', (path) => void write(path, '{ "a": 1, oops')],
    'no object': ['unparsable', (path) => void write(path, '[]')],
    'not UTF-8': ['not-utf8', (path) => void write(path, Buffer.from([0x7b, 0xff, 0x7d]))],
    UTF16: ['not-utf8', (path) => void write(path, Buffer.from('\uFEFF{}', 'utf16le'))],
    'a directory': ['not-a-file', (path) => void mkdirSync(path, { recursive: true })],
    'a link that leads nowhere': ['unreadable', (path) => symlinkSync('/nowhere/at/all', path)],
    'a file in place of a directory': ['unreadable', (path) => void write(dirname(path), 'x')],
    'read-only': ['read-only', (path) => chmodSync(write(path, '{}'), 0o444)],
  };

  const HASHLESS = new Set(['a link that leads nowhere', 'a file in place of a directory']);

  it.each(Object.keys(WAYS))('%s', async (way) => {
    const world = temporaryWorld();
    const [reason, spoil] = WAYS[way] ?? ['', () => {}];
    const path = join(world.home, '.claude/settings.json');
    if (way !== 'a file in place of a directory') mkdirSync(dirname(path), { recursive: true });
    spoil(path);
    const before = HASHLESS.has(way) ? '' : hashTree(join(world.home, '.claude'));
    const answer = await setup(world, 'claude');
    expect([answer.code, reasonIn(answer)]).toEqual([125, reason]);
    expect(answer.stderr).toContain('"SessionStart"');
    expect(answer.stderr.trimEnd().split('\n').at(-1)).toMatch(/^<!-- CSA:SESSION_ERROR /);
    if (before !== '') expect(hashTree(join(world.home, '.claude'))).toBe(before);
    expect(existsSync(join(world.home, '.claude.json'))).toBe(false);
  });

  it('a pipe, at once', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.home, '.codex'));
    await run(['mkfifo', join(world.home, '.codex/config.toml')], { world });
    const answer = await setup(world, 'codex');
    expect([answer.code, reasonIn(answer)]).toEqual([125, 'not-a-file']);
    expect(answer.stderr).toContain('[mcp_servers.csa]');
  });

  it('no TOML, also as a document', async () => {
    const world = temporaryWorld();
    write(join(world.home, '.codex/config.toml'), 'model = \n');
    const { code, stdout, stderr } = await setup(world, 'codex', '--json');
    const document = JSON.parse(stdout);
    expect([code, faultsOf('error', document), document.reason]).toEqual([125, [], 'unparsable']);
    expect(stderr).toContain('tool_timeout_sec = 7200');
  });

  it('a file of somebody who may not write there', async () => {
    const world = temporaryWorld();
    const path = write(join(world.home, '.cursor/mcp.json'), '{}');
    chmodSync(world.home, 0o755);
    chmodSync(dirname(world.home), 0o755);
    chmodSync(path, 0o644);
    const state = join(dirname(world.home), 'state');
    mkdirSync(state);
    chmodSync(state, 0o777);
    const drop: string[] =
      process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    chmodSync(dirname(path), drop.length === 0 ? 0o555 : 0o755);
    const argv = [...drop, testNode(), builtCsa, 'setup', 'cursor'] as unknown as [string, ...string[]];
    const answer = await run(argv, { world, env: { XDG_STATE_HOME: state } });
    expect([answer.code, reasonIn(answer), readFileSync(path, 'utf8')]).toEqual([125, 'unwritable', '{}']);
  });
});

it('what is the user’s stays: another server of this name, and a limit of their own', async () => {
  const world = temporaryWorld();
  const servers = write(join(world.home, '.claude.json'), '{"mcpServers": {"csa": {"command": "mine"}}}');
  const settings = write(
    join(world.home, '.claude/settings.json'),
    '{"env": {"BASH_DEFAULT_TIMEOUT_MS": "60000", "BASH_MAX_TIMEOUT_MS": "9000000"}}',
  );
  const { code, stderr } = await setup(world, 'claude');
  expect([code, JSON.parse(readFileSync(servers, 'utf8')).mcpServers.csa]).toEqual([0, { command: 'mine' }]);
  expect(JSON.parse(readFileSync(settings, 'utf8')).env).toEqual({
    BASH_DEFAULT_TIMEOUT_MS: '60000',
    BASH_MAX_TIMEOUT_MS: '9000000',
  });
  expect(stderr.match(/^csa: left: .*$/gm)).toEqual([
    'csa: left: the MCP server csa: mcpServers.csa has another value already',
    'csa: left: BASH_DEFAULT_TIMEOUT_MS for a full wait: env.BASH_DEFAULT_TIMEOUT_MS has another value already',
  ]);
});

it('an entry that was edited since is left by --undo, and named', async () => {
  const world = temporaryWorld();
  await setup(world, 'cursor');
  const path = join(world.home, '.cursor/mcp.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"mcp"', '"mcp",\n        "--verbose"'));
  const { code, stderr } = await setup(world, 'cursor', '--undo');
  expect([code, JSON.parse(readFileSync(path, 'utf8')).mcpServers.csa.args.at(-1)]).toEqual([0, '--verbose']);
  expect(stderr).toContain('csa: left: mcp: it was changed since, and is yours now');
});

it('with --ask-before-start no command that starts something is permitted', async () => {
  const world = temporaryWorld();
  await setup(world, 'claude');
  await setup(world, 'claude', '--ask-before-start');
  const { allow } = JSON.parse(readFileSync(join(world.home, '.claude/settings.json'), 'utf8')).permissions;
  expect(allow).toContain('mcp__csa__session_wait');
  for (const rule of allow as string[])
    expect(rule).toMatch(/session[ _](wait|status|result|logs|list|is-alive|brief)/);
});

it('shows no secret that stands beside its entries', async () => {
  const world = temporaryWorld();
  write(join(world.home, '.claude/settings.json'), '{\n  "env": {\n    "ANTHROPIC_API_KEY": "sk-1"\n  }\n}\n');
  const { stdout, stderr } = await setup(world, 'claude');
  expect([stdout.includes('"ANTHROPIC_API_KEY": "…"'), `${stdout}${stderr}`.includes('sk-1')]).toEqual([true, false]);
});

it('of several runs at once none spoils another: what was written can be undone', async () => {
  const world = temporaryWorld();
  const path = write(join(world.home, '.gemini/settings.json'), '{"a": 1}');
  const answers = await Promise.all(Array.from({ length: 6 }, () => setup(world, 'gemini')));
  const faults = answers.filter(({ code }) => code !== 0).map(reasonIn);
  expect([faults.length < 6, faults.filter((reason) => reason !== 'busy')]).toEqual([true, []]);
  expect((await setup(world, 'gemini', '--undo')).code).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('{"a": 1}');
});

it('a change that nobody can read is not made', async () => {
  const world = temporaryWorld();
  const answer = await shell(`"${testNode()}" "${builtCsa}" setup gemini >/dev/full`, { world });
  expect([answer.code, reasonIn(answer), existsSync(join(world.home, '.gemini'))]).toEqual([125, 'output-lost', false]);
});

it('the record is for its user alone, and one that cannot be read is refused', async () => {
  const world = temporaryWorld();
  write(join(world.home, '.gemini/settings.json'), '{}');
  await setup(world, 'gemini');
  const directory = join(world.stateRoot, '.setup');
  expect((statSync(directory).mode & 0o777).toString(8)).toBe('700');
  const { stdout } = await shell('ls', { world, cwd: directory });
  const [name = ''] = stdout.split('\n').filter((line) => line.endsWith('.json'));
  write(join(directory, name), '{}');
  const answer = await setup(world, 'gemini', '--undo');
  expect([answer.code, reasonIn(answer)]).toEqual([125, 'record-unreadable']);
});

it.each([
  [[], 'missing-agent'],
  [['vim'], 'usage'],
  [['claude', '--user', '--project'], 'usage'],
  [['claude', '--undo', '--ask-before-start'], 'usage'],
  [['claude', 'codex'], 'usage'],
])('refuses %j', async (words, reason) => {
  const answer = await setup(temporaryWorld(), ...words);
  expect([answer.code, reasonIn(answer)]).toEqual([125, reason]);
});
