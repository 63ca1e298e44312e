import type { Client } from '../src/index.ts';

type Files = Readonly<Record<string, string>>;

const STDIO = { command: 'csa', args: ['mcp'] };

/** How each client is told of the MCP server, laid over the files that name our model. */
const ENTRIES: ReadonlyMap<string, (files: Files) => Files> = new Map<string, (files: Files) => Files>([
  ['claude', () => ({ '.claude.json': JSON.stringify({ mcpServers: { csa: { ...STDIO, alwaysLoad: true } } }) })],
  [
    'codex',
    (files) =>
      appended(files, '.codex/config.toml', [
        '[mcp_servers.csa]',
        'command = "csa"',
        'args = ["mcp"]',
        'tool_timeout_sec = 7200',
        // Without it the first turn begins before a slow machine has started the server.
        'required = true',
      ]),
  ],
  [
    'gemini',
    (files) => merged(files, '.gemini/settings.json', { mcpServers: { csa: { ...STDIO, timeout: 7_200_000 } } }),
  ],
  [
    'opencode',
    (files) =>
      merged(files, '.config/opencode/opencode.json', { mcp: { csa: { type: 'local', command: ['csa', 'mcp'] } } }),
  ],
]);

/** The client's files with the MCP server `csa` in them. */
export function filesWithServer(client: Client): (model: string) => Files {
  return (model) => ENTRIES.get(client.name)?.(client.files(model)) ?? {};
}

function appended(files: Files, path: string, lines: readonly string[]): Files {
  return { [path]: `${files[path] ?? ''}\n${lines.join('\n')}\n` };
}

function merged(files: Files, path: string, more: object): Files {
  return { [path]: JSON.stringify({ ...JSON.parse(files[path] ?? '{}'), ...more }) };
}
