/** What `csa mcp --help` teaches. */
export const MCP_DESCRIPTION = `An MCP server on standard input and output, for the agent's program to start. Its tools are session_start, session_wait, session_status, session_result, session_logs, session_stop, session_list and session_brief. One session_wait blocks for as long as pays, up to 6,900 s, and tells its progress meanwhile, where an agent's shell would yield or be cut after seconds. It ends with the client's input, or by a signal; sessions go on.

SET IT UP
  csa setup AGENT writes the entry, and the hooks and limits beside it. By hand:

  Claude Code   in the project's .mcp.json
                  {"mcpServers": {"csa": {"command": "csa", "args": ["mcp"], "alwaysLoad": true}}}
  Codex         in ~/.codex/config.toml
                  [mcp_servers.csa]
                  command = "csa"
                  args = ["mcp"]
                  env_vars = ["XDG_STATE_HOME", "XDG_CONFIG_HOME"]
                  tool_timeout_sec = 7200
  Gemini CLI    in ~/.gemini/settings.json
                  {"mcpServers": {"csa": {"command": "csa", "args": ["mcp"], "timeout": 7200000}}}
  opencode      in opencode.json
                  {"mcp": {"csa": {"type": "local", "command": ["csa", "mcp"], "timeout": 7200000}}}
  Cursor        in .cursor/mcp.json
                  {"mcpServers": {"csa": {"command": "csa", "args": ["mcp"]}}}

EXIT CODES
  0    the client has left
  125  csa could not serve (reason= on stderr)
  129 130 143  it was ended by HUP, INT, TERM`;

export const MCP_EXAMPLES = [{ description: 'as a client starts it', command: '<%= config.bin %> <%= command.id %>' }];
