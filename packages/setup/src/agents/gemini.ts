import { join } from 'node:path';
import { formatCommand } from '@csa/markers';
import type { ConfigFile, ItemWish, MemberWish } from '../wish.ts';
import { allowedCommands, allowedTools } from './permissions.ts';
import { BRIEF_MARK, type Homes, type Place, type Program } from './program.ts';
import { CALL_MS, serverWords } from './server.ts';

/** Milliseconds. */
const HOOK_MS = 15_000;
/** In the middle of 0 to 999: a rule of the user's can go before it. */
const PRIORITY = 100;

/**
 * Gemini CLI: its settings, and a policy for what needs no question, which counts for users only. Its shell ends what is
 * silent for 5 minutes; a wait never is, under it.
 */
export function geminiFiles(program: Program, place: Place, { home, env }: Homes): ConfigFile[] {
  const parent = place.kind === 'project' ? place.directory : env['GEMINI_CLI_HOME'] || home;
  const settings: ConfigFile = {
    format: 'json',
    path: join(parent, '.gemini/settings.json'),
    wishes: [serverWish(program), hookWish(program)],
  };
  if (place.kind === 'project') return [settings];
  const path = join(parent, '.gemini/policies/csa.toml');
  return [settings, { format: 'own', path, about: 'commands without a question', text: policy(program) }];
}

function serverWish(program: Program): MemberWish {
  const value = { ...serverWords(program), timeout: CALL_MS };
  const trusted = allowedTools(program) === undefined ? { trust: true } : {};
  return {
    kind: 'member',
    id: 'mcp',
    about: 'the MCP server csa',
    path: ['mcpServers', 'csa'],
    value: { ...value, ...trusted },
  };
}

function hookWish({ briefCommand }: Program): ItemWish {
  const hook = { name: 'csa-brief', type: 'command', command: briefCommand('gemini'), timeout: HOOK_MS };
  return {
    kind: 'item',
    id: 'hook:SessionStart',
    about: 'the brief at the start of a conversation',
    path: ['hooks', 'SessionStart'],
    // At the start of a session a matcher is no pattern but one exact word.
    value: { hooks: [hook] },
    mark: BRIEF_MARK,
  };
}

function policy(program: Program): string {
  const prefixes = allowedCommands(program).map((words) => formatCommand(words));
  const tools = allowedTools(program);
  return [
    '# Written by "csa setup gemini"; "csa setup gemini --undo" removes it.',
    ...rule(['toolName = "run_shell_command"', `commandPrefix = ${JSON.stringify(prefixes)}`]),
    ...rule(['mcpName = "csa"', `toolName = ${tools === undefined ? '"*"' : JSON.stringify(tools)}`]),
    '',
  ].join('\n');
}

function rule(conditions: readonly string[]): string[] {
  return ['', '[[rule]]', ...conditions, 'decision = "allow"', `priority = ${PRIORITY}`];
}
