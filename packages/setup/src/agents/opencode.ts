import { join } from 'node:path';
import { formatCommand } from '@csa/markers';
import type { ConfigFile, MemberWish } from '../wish.ts';
import { opencodePlugin } from './opencode-plugin.ts';
import { allowedCommands, allowedTools } from './permissions.ts';
import type { Homes, Place, Program } from './program.ts';
import { CALL_MS } from './server.ts';

/** opencode: its config, and a plugin that tells a conversation at its start. */
export function opencodeFiles(program: Program, place: Place, homes: Homes): ConfigFile[] {
  const { config, plugins } = placesOf(place, homes);
  const wishes = [schemaWish(), serverWish(program), ...permissionWishes(program)];
  return [
    { format: 'json', path: config, wishes },
    {
      format: 'own',
      path: join(plugins, 'csa.js'),
      about: 'the brief at the start of a conversation',
      text: opencodePlugin([...program.words, 'session', 'brief', '--hook']),
    },
  ];
}

/** The first that is there, in the order in which opencode itself looks. */
function placesOf(place: Place, { home, env, exists }: Homes): { readonly config: string; readonly plugins: string } {
  if (place.kind === 'project') {
    const names = ['opencode.jsonc', 'opencode.json', '.opencode/opencode.jsonc', '.opencode/opencode.json'];
    const found = names.map((name) => join(place.directory, name)).find(exists);
    return {
      config: found ?? join(place.directory, 'opencode.json'),
      plugins: join(place.directory, '.opencode/plugins'),
    };
  }
  const directory = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'opencode');
  const names = ['opencode.jsonc', 'opencode.json', 'config.json'];
  const found = names.map((name) => join(directory, name)).find(exists);
  const config = env['OPENCODE_CONFIG'] || found || join(directory, 'opencode.jsonc');
  return { config, plugins: join(directory, 'plugins') };
}

function schemaWish(): MemberWish {
  const value = 'https://opencode.ai/config.json';
  return { kind: 'member', id: 'schema', about: 'the name of its schema', path: ['$schema'], value, isBase: true };
}

function serverWish(program: Program): MemberWish {
  const command = [...program.words, 'mcp'];
  return {
    kind: 'member',
    id: 'mcp',
    about: 'the MCP server csa',
    path: ['mcp', 'csa'],
    value: { type: 'local', command, enabled: true, timeout: CALL_MS },
  };
}

/** Of several rules that fit, the last one counts. */
function permissionWishes(program: Program): MemberWish[] {
  const commands = allowedCommands(program).map((words) => ['permission', 'bash', `${formatCommand(words)} *`]);
  const tools = allowedTools(program)?.map((tool) => ['permission', `csa_${tool}`]) ?? [['permission', 'csa_*']];
  return [...commands, ...tools].map((path) => ({
    kind: 'member',
    id: `allow:${path.at(-1)}`,
    about: `${path.at(-1)} without a question`,
    path,
    value: 'allow',
  }));
}
