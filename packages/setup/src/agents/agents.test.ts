import { isAbsolute, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOTHING_OURS } from '../entry.ts';
import { pasteOf, planFile } from '../plan.ts';
import { programOf } from '../samples.test.fixture.ts';
import { readToml } from '../toml/toml-value.ts';
import { AGENTS, type Agent, agentFiles } from './agents.ts';
import type { Place, Program } from './program.ts';

const USER: Place = { kind: 'user' };
const PROJECT: Place = { kind: 'project', directory: '/p' };

function filesOf(agent: Agent, place: Place, program: Program = programOf(['csa'])) {
  return agentFiles(agent, { program, place, homes: { home: '/h', env: {}, exists: () => false } });
}

/** All that is written for an agent. */
function textOf(agent: Agent, place: Place, program?: Program): string {
  return filesOf(agent, place, program)
    .map((file) => pasteOf(file).join('\n'))
    .join('\n');
}

it.each<[Agent, string[], string[]]>([
  ['claude', ['/h/.claude.json', '/h/.claude/settings.json'], ['/p/.mcp.json', '/p/.claude/settings.json']],
  [
    'codex',
    ['/h/.codex/config.toml', '/h/.codex/rules/csa.rules'],
    ['/p/.codex/config.toml', '/p/.codex/rules/csa.rules'],
  ],
  ['gemini', ['/h/.gemini/settings.json', '/h/.gemini/policies/csa.toml'], ['/p/.gemini/settings.json']],
  [
    'opencode',
    ['/h/.config/opencode/opencode.jsonc', '/h/.config/opencode/plugins/csa.js'],
    ['/p/opencode.json', '/p/.opencode/plugins/csa.js'],
  ],
  [
    'cursor',
    ['/h/.cursor/mcp.json', '/h/.cursor/hooks.json', '/h/.cursor/cli-config.json'],
    ['/p/.cursor/mcp.json', '/p/.cursor/hooks.json', '/p/.cursor/cli.json'],
  ],
])('%s has its files at %j and %j', (agent, user, project) => {
  expect(filesOf(agent, USER).map(({ path }) => path)).toEqual(user);
  expect(filesOf(agent, PROJECT).map(({ path }) => path)).toEqual(project);
});

it.each<[Agent, string]>([
  ['claude', 'CLAUDE_CONFIG_DIR'],
  ['codex', 'CODEX_HOME'],
  ['gemini', 'GEMINI_CLI_HOME'],
  ['opencode', 'OPENCODE_CONFIG'],
  ['opencode', 'XDG_CONFIG_HOME'],
])('names the files of %s the same from every directory, also where %s is relative', (agent, variable) => {
  const homes = { home: '/h', env: { [variable]: 'mine' }, exists: () => false };
  const paths = agentFiles(agent, { program: programOf(['csa']), place: USER, homes }).map(({ path }) => path);
  expect(paths).toContainEqual(expect.stringContaining(resolve('mine')));
  expect(paths.filter((path) => !isAbsolute(path))).toEqual([]);
});

it.each<[Agent, string[]]>([
  [
    'claude',
    [
      '"timeout": 7200000',
      '"alwaysLoad": true',
      '"BASH_DEFAULT_TIMEOUT_MS": "300000"',
      '"BASH_MAX_TIMEOUT_MS": "3600000"',
      '"Bash(csa session *)"',
      '"mcp__csa"',
      'session warm hook',
      'session brief --hook',
    ],
  ],
  [
    'codex',
    [
      'tool_timeout_sec = 7200',
      'default_tools_approval_mode = "approve"',
      'env_vars = ["XDG_STATE_HOME"',
      'prefix_rule(pattern = ["csa", "session"], decision = "allow")',
      '[[hooks.SessionStart]]',
    ],
  ],
  [
    'gemini',
    [
      '"timeout": 7200000',
      '"trust": true',
      '--as gemini',
      '"timeout": 15000',
      'commandPrefix = ["csa session"]',
      'mcpName = "csa"\ntoolName = "*"',
    ],
  ],
  [
    'opencode',
    ['"timeout": 7200000', '"csa session *": "allow"', '"csa_*": "allow"', 'const ARGS = ["session","brief","--hook"]'],
  ],
  ['cursor', ['--as cursor', '"Shell(csa:session *)"', '"Mcp(csa:*)"', '"version": 1']],
])('%s is told of limits, hooks and permissions', (agent, parts) => {
  for (const part of parts) expect(textOf(agent, USER)).toContain(part);
});

describe.each(AGENTS)('for %s', (agent) => {
  const WATCHING = programOf(['csa'], 'watching');

  it('nothing that starts or ends a job is permitted where only looking is', () => {
    const text = textOf(agent, USER, WATCHING);
    expect(text).not.toMatch(
      /session[ _](start|stop)|csa:session \*|session \*|"csa_\*"|"mcp__csa"|"trust"|default_tools/,
    );
    expect(text).toMatch(/session[ _"', ]+wait/);
  });

  it.each([programOf(['csa']), WATCHING, programOf(['/opt/my "node"', '/opt/ünï/csa.js'])])(
    'every file can be made from nothing: $words, $allow',
    (program) => {
      for (const place of [USER, PROJECT]) {
        for (const file of filesOf(agent, place, program)) {
          const edit = planFile(file, undefined, undefined);
          expect(edit).toMatchObject({ kind: 'edited' });
          if (edit.kind !== 'edited') continue;
          for (const { kind } of edit.outcomes) expect(kind).toBe('added');
          const again = planFile(file, edit.text, { after: '', ours: NOTHING_OURS });
          expect(again).toMatchObject({ text: edit.text });
          if (file.path.endsWith('.toml')) expect(readToml(edit.text).kind).toBe('parsed');
        }
      }
    },
  );
});

it('the opencode config that is there is chosen as opencode itself does', () => {
  const files = (there: string, env = {}) =>
    agentFiles('opencode', {
      program: programOf(['csa']),
      place: USER,
      homes: { home: '/h', env, exists: (path) => path === there },
    });
  expect(files('/h/.config/opencode/opencode.json')[0]?.path).toBe('/h/.config/opencode/opencode.json');
  expect(files('/h/.config/opencode/config.json')[0]?.path).toBe('/h/.config/opencode/config.json');
  expect(files('', { OPENCODE_CONFIG: '/x/mine.json' })[0]?.path).toBe('/x/mine.json');
});
