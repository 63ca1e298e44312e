import { join } from 'node:path';
import { formatCommand } from '@csa/markers';
import type { ConfigFile, ItemWish, MemberWish } from '../wish.ts';
import { allowedCommands, allowedTools } from './permissions.ts';
import { BRIEF_MARK, type Homes, type Place, type Program } from './program.ts';
import { serverWords } from './server.ts';

/** Seconds. */
const HOOK_SECONDS = 15;

/** Cursor: servers, hooks, and what its command line program may run. */
export function cursorFiles(program: Program, place: Place, homes: Homes): ConfigFile[] {
  const directory = join(place.kind === 'project' ? place.directory : homes.home, '.cursor');
  const isProject = place.kind === 'project';
  const permissions = isProject ? join(directory, 'cli.json') : userPermissions(homes);
  return [
    { format: 'json', path: join(directory, 'mcp.json'), wishes: [serverWish(program)] },
    { format: 'json', path: join(directory, 'hooks.json'), wishes: [base(['version'], 1), hookWish(program)] },
    {
      format: 'json',
      path: permissions,
      wishes: [
        ...(isProject ? [] : [base(['version'], 1), base(['editor', 'vimMode'], false)]),
        ...permissionWishes(program),
        base(['permissions', 'deny'], []),
      ],
    },
  ];
}

function userPermissions({ home, env }: Homes): string {
  const chosen = env['XDG_CONFIG_HOME'];
  const inConfig = join(chosen ?? '', 'cursor/cli-config.json');
  const usual = join(home, '.cursor/cli-config.json');
  return chosen !== undefined && chosen !== '' && process.platform !== 'darwin' ? inConfig : usual;
}

/** Without it the file is not valid. */
function base(path: readonly string[], value: MemberWish['value']): MemberWish {
  const name = path.join('.');
  return { kind: 'member', id: `base:${name}`, about: `${name}, which the file needs`, path, value, isBase: true };
}

function serverWish(program: Program): MemberWish {
  const value = { type: 'stdio', ...serverWords(program) };
  return { kind: 'member', id: 'mcp', about: 'the MCP server csa', path: ['mcpServers', 'csa'], value };
}

function hookWish({ briefCommand }: Program): ItemWish {
  return {
    kind: 'item',
    id: 'hook:sessionStart',
    about: 'the brief at the start of a conversation',
    path: ['hooks', 'sessionStart'],
    value: { command: briefCommand('cursor'), timeout: HOOK_SECONDS },
    mark: BRIEF_MARK,
  };
}

/** A command's first word, then a colon, then a pattern for all that follows. */
function permissionWishes(program: Program): ItemWish[] {
  const commands = allowedCommands(program).map(([first, ...rest]) => `Shell(${first}:${formatCommand(rest)} *)`);
  const tools = allowedTools(program) ?? ['*'];
  return [...commands, ...tools.map((tool) => `Mcp(csa:${tool})`)].map((value, index) => ({
    kind: 'item',
    id: `allow:${index}`,
    about: `${value} without a question`,
    path: ['permissions', 'allow'],
    value,
  }));
}
