import { join } from 'node:path';
import { formatCommand } from '@csa/markers';
import type { ConfigFile, ItemWish, MemberWish } from '../wish.ts';
import {
  allowedCommands,
  allowedTools,
  BRIEF_MARK,
  CALL_MS,
  type Homes,
  type Place,
  type Program,
  serverWords,
} from './program.ts';

/** Milliseconds. */
const HOOK_MS = 15_000;

/** Gemini CLI: one file for all. Its shell ends what is silent for 5 minutes; a wait never is, under it. */
export function geminiFiles(program: Program, place: Place, { home, env }: Homes): ConfigFile[] {
  const parent = place.kind === 'project' ? place.directory : env['GEMINI_CLI_HOME'] || home;
  const wishes = [serverWish(program), hookWish(program), ...permissionWishes(program)];
  return [{ format: 'json', path: join(parent, '.gemini/settings.json'), wishes }];
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
    value: { matcher: '*', hooks: [hook] },
    mark: BRIEF_MARK,
  };
}

function permissionWishes(program: Program): ItemWish[] {
  return allowedCommands(program)
    .map((words) => `run_shell_command(${formatCommand(words)})`)
    .map((value) => ({
      kind: 'item',
      id: `allow:${value}`,
      about: `${value} without a question`,
      path: ['tools', 'allowed'],
      value,
    }));
}
