import { join } from 'node:path';
import type { BlockWish, ConfigFile } from '../wish.ts';
import { allowedCommands, allowedTools } from './permissions.ts';
import { BRIEF_MARK, type Homes, type Place, type Program } from './program.ts';
import { CALL_MS, serverWords } from './server.ts';

/** Where state and configuration stand, and what says how to wait; Codex hands a server only what it is told to. */
const VARIABLES = ['XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'CSA_WAIT_CAP', 'CSA_ALIVE_EXIT_CODE', 'CSA_WARM', 'CSA_BRIEF'];

/** Codex: its config, and rules for its shell. */
export function codexFiles(program: Program, place: Place, { home, env }: Homes): ConfigFile[] {
  const directory =
    place.kind === 'project' ? join(place.directory, '.codex') : env['CODEX_HOME'] || join(home, '.codex');
  return [
    { format: 'toml', path: join(directory, 'config.toml'), wishes: [serverWish(program), hookWish(program)] },
    {
      format: 'own',
      path: join(directory, 'rules/csa.rules'),
      about: 'commands without a question',
      text: rules(program),
    },
  ];
}

function serverWish(program: Program): BlockWish {
  const { command, args } = serverWords(program);
  const tools = allowedTools(program);
  return {
    kind: 'block',
    id: 'mcp',
    about: 'the MCP server csa',
    path: ['mcp_servers', 'csa'],
    lines: [
      '[mcp_servers.csa]',
      `command = ${quoted(command)}`,
      `args = ${list(args)}`,
      `env_vars = ${list(VARIABLES)}`,
      `tool_timeout_sec = ${CALL_MS / 1_000}`,
      ...(tools === undefined ? ['default_tools_approval_mode = "approve"'] : tools.flatMap(approvedTool)),
    ],
  };
}

function approvedTool(tool: string): string[] {
  return ['', `[mcp_servers.csa.tools.${tool}]`, 'approval_mode = "approve"'];
}

function hookWish({ codexHook }: Program): BlockWish {
  return {
    kind: 'block',
    id: 'hook:SessionStart',
    about: 'the brief at the start of a conversation',
    path: ['hooks', 'SessionStart'],
    lines: codexHook,
    mark: BRIEF_MARK,
  };
}

function rules(program: Program): string {
  const lines = allowedCommands(program).map((words) => `prefix_rule(pattern = ${list(words)}, decision = "allow")\n`);
  return `# Written by "csa setup codex"; "csa setup codex --undo" removes it.\n${lines.join('')}`;
}

function list(words: readonly string[]): string {
  return `[${words.map(quoted).join(', ')}]`;
}

/** A string of JSON is one of TOML's and of Starlark's, too; DEL needs an escape of its own. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\u007F', '\\u007F');
}
