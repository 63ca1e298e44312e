import { join } from 'node:path';
import { formatCommand } from '@csa/markers';
import type { ConfigFile, ItemWish, MemberWish } from '../wish.ts';
import { allowedCommands, allowedTools } from './permissions.ts';
import { BRIEF_MARK, type Homes, type Place, type Program } from './program.ts';
import { CALL_MS, serverWords } from './server.ts';

/** A wait as long as a cache of 5 minutes lives, and one of an hour. */
const DEFAULT_SHELL_MS = 300_000;
const MAX_SHELL_MS = 3_600_000;

/** Claude Code: its settings, and the file that holds its servers. */
export function claudeFiles(program: Program, place: Place, homes: Homes): ConfigFile[] {
  const { settings, servers } = placesOf(place, homes);
  return [
    { format: 'json', path: servers, wishes: [serverWish(program)] },
    {
      format: 'json',
      path: settings,
      wishes: [...hookWishes(program), ...permissionWishes(program), ...timeoutWishes()],
    },
  ];
}

/** With CLAUDE_CONFIG_DIR the servers stand in that directory, too. */
function placesOf(place: Place, { home, env }: Homes): { readonly settings: string; readonly servers: string } {
  if (place.kind === 'project') {
    return { settings: join(place.directory, '.claude/settings.json'), servers: join(place.directory, '.mcp.json') };
  }
  const chosen = env['CLAUDE_CONFIG_DIR'];
  const settings = join(chosen || join(home, '.claude'), 'settings.json');
  return { settings, servers: join(chosen || home, '.claude.json') };
}

function serverWish(program: Program): MemberWish {
  return {
    kind: 'member',
    id: 'mcp',
    about: 'the MCP server csa',
    path: ['mcpServers', 'csa'],
    // Else its tools stand behind a search of their own.
    value: { type: 'stdio', ...serverWords(program), timeout: CALL_MS, alwaysLoad: true },
  };
}

function hookWishes({ claudeHooks }: Program): ItemWish[] {
  return Object.entries(claudeHooks).flatMap(([event, hooks]) =>
    hooks.map((value) => ({
      kind: 'item',
      id: `hook:${event}`,
      about: event === 'SessionStart' ? 'the brief at the start of a conversation' : `the warmer's hook at ${event}`,
      path: ['hooks', event],
      value,
      mark: event === 'SessionStart' ? BRIEF_MARK : 'session warm hook',
    })),
  );
}

function permissionWishes(program: Program): ItemWish[] {
  const commands = allowedCommands(program).map((words) => `Bash(${formatCommand(words)} *)`);
  const tools = allowedTools(program)?.map((tool) => `mcp__csa__${tool}`) ?? ['mcp__csa'];
  return [...commands, ...tools].map((value, index) => ({
    kind: 'item',
    id: `allow:${index}`,
    about: `${value} without a question`,
    path: ['permissions', 'allow'],
    value,
  }));
}

/** A string, as every value of the environment is one. */
function timeoutWishes(): MemberWish[] {
  const limits = { BASH_DEFAULT_TIMEOUT_MS: DEFAULT_SHELL_MS, BASH_MAX_TIMEOUT_MS: MAX_SHELL_MS };
  return Object.entries(limits).map(([name, ms]) => ({
    kind: 'member',
    id: `env:${name}`,
    about: `${name} for a full wait`,
    path: ['env', name],
    value: String(ms),
    isLeast: true,
  }));
}
