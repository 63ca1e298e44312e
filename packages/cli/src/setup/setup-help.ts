/** The help of `setup`: what it writes, and what it never does. */
export const SETUP_DESCRIPTION: string = `Writes into the agent's own configuration, for yourself (--user) or for the project of the current directory (--project): the MCP server csa with limits that let a call last two hours; the hook that tells each conversation at its start which sessions there are; for Claude Code the hooks of the warmer and the limits of its shell tool; and the permission to run csa session without a question.

The change is shown as a diff, then written. Comments, order and everything else stay as they are, byte for byte. What is yours stays, too: an entry of that name, a larger limit, a hook that does the same; it is named with the lines that you can write there instead. A second run changes nothing, and after csa has moved the entries follow it.

--undo brings the very bytes back from before; if a file was changed since, only the entries of csa go. Of each file there is a backup below the state root.

A file that cannot be parsed, is read-only, or changes at this moment is left alone, and the lines to write there are printed. Nothing is written before every file has been looked at. Claude Code writes to ~/.claude.json itself while it runs: a run that meets such a change is refused; it helps to close it first.

The permission lets the agent start any command as a session without a question. With --ask-before-start only looking at sessions and waiting for them needs none.

WHERE
  claude    ~/.claude.json and ~/.claude/settings.json; .mcp.json and .claude/settings.json. CLAUDE_CONFIG_DIR
  codex     ~/.codex/config.toml and ~/.codex/rules/csa.rules; the same below .codex. CODEX_HOME
  gemini    ~/.gemini/settings.json and ~/.gemini/policies/csa.toml; .gemini/settings.json. GEMINI_CLI_HOME
  opencode  opencode.jsonc or opencode.json in ~/.config/opencode, and plugins/csa.js there; opencode.json and .opencode/plugins. OPENCODE_CONFIG, XDG_CONFIG_HOME
  cursor    mcp.json, hooks.json and cli-config.json in ~/.cursor; mcp.json, hooks.json and cli.json in .cursor

EXIT CODES
  0    done, also when there was nothing to do, or something of yours was left as it is
  125  a file was left alone, or csa could not answer`;

/** Each runs as printed. */
export const SETUP_EXAMPLES: { description: string; command: string }[] = [
  { description: 'see what would be written', command: '<%= config.bin %> <%= command.id %> claude --print' },
  { description: 'write it', command: '<%= config.bin %> <%= command.id %> codex' },
  {
    description: 'take it back: everything is exactly as it was',
    command: '<%= config.bin %> <%= command.id %> codex --undo',
  },
  {
    description: 'for this project only, and jobs are started only when you say yes',
    command: '<%= config.bin %> <%= command.id %> gemini --project --ask-before-start',
  },
];
