import type { Program } from './agents/program.ts';

/** A program as cli describes it. */
export function programOf(words: readonly string[], allow: Program['allow'] = 'all'): Program {
  const command = (rest: string): string => `${words.join(' ')} ${rest}`;
  const hook = (text: string): object => ({ hooks: [{ type: 'command', command: command(text), timeout: 5 }] });
  return {
    words,
    claudeHooks: {
      SessionStart: [{ matcher: 'startup|resume|clear|compact', ...hook('session brief --hook') } as never],
      Stop: [hook('session warm hook') as never],
      PreToolUse: [{ matcher: '*', ...hook('session warm hook') } as never],
    },
    codexHook: [
      '[[hooks.SessionStart]]',
      'matcher = "startup"',
      '',
      '[[hooks.SessionStart.hooks]]',
      'type = "command"',
      `command = ${JSON.stringify(command('session brief --hook'))}`,
    ],
    briefCommand: (form) => command(`session brief --hook${form === undefined ? '' : ` --as ${form}`}`),
    allow,
  };
}

/** Settings as people and agents write them. */
export const JSON_SAMPLES: Readonly<Record<string, string>> = {
  'settings of Claude Code': `{
  "permissions": {
    "allow": [
      "Bash(npm test *)",
      "mcp__github"
    ],
    "deny": ["Read(./.env)"]
  },
  "env": { "DISABLE_TELEMETRY": "1" },
  "hooks": {
    "Stop": [
      { "hooks": [{ "type": "command", "command": "notify-send done" }] }
    ]
  },
  "statusLine": { "type": "command", "command": "~/bin/line" }
}
`,
  'state of Claude Code': `{
  "numStartups": 412,
  "userID": "a05f42f3536480774aac18757fcdb31c8f140d1cd2c683f6ebd0e8ac2ac6cfb5",
  "mcpServers": {},
  "projects": {
    "/home/me/shop": {
      "allowedTools": [],
      "history": [{ "display": "explain \\u00fc\\n\\"this\\"" }]
    }
  }
}`,
  'settings of opencode, with comments': `{
  // The model that I use.
  "$schema": "https://opencode.ai/config.json",
  "model": "anthropic/claude", /* the large one */
  "permission": {
    "edit": "ask", // always
    "bash": {
      "*": "ask",
      "git status": "allow", // harmless
      // no pushing
      "git push *": "deny",
    },
  },
  "mcp": {
    // docs
    "docs": { "type": "remote", "url": "https://example.org/mcp" }
  },
}
`,
  'settings of Gemini CLI, in tabs':
    '{\n\t"ui": {\n\t\t"theme": "Dracula"\n\t},\n\t"mcpServers": {\n\t\t"docs": {\n\t\t\t"command": "docs"\n\t\t}\n\t},\n\t"hooks": {}\n}\n',
  'four spaces and no last line end':
    '{\n    "mcpServers": {\n        "docs": {"command": "docs", "args": []}\n    },\n    "version": 1\n}',
  CRLF: '{\r\n  "mcpServers": {\r\n    "docs": { "command": "docs" }\r\n  }\r\n}\r\n',
  'a byte-order mark': '\uFEFF{\n  "a": 1\n}\n',
  'one line': '{"mcpServers":{"docs":{"command":"docs"}},"version":1,"hooks":{"Stop":[]}}',
  'an empty object': '{}',
  'an empty file': '',
  'a double key elsewhere': '{\n  "a": 1,\n  "a": 2\n}\n',
};

export const TOML_SAMPLES: Readonly<Record<string, string>> = {
  'config of Codex': `# my Codex
model = "gpt-5"   # the default
approval_policy = "on-request"
notify = ["notify-send", "Codex"]

[mcp_servers.docs]
command = "docs"
args = [
  "--stdio", # over pipes
]

[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = "notify-send done"

[projects."/home/me/shop"]
trust_level = "trusted"
`,
  CRLF: '# mine\r\nmodel = "m"\r\n\r\n[features]\r\nhooks = true\r\n',
  'no last line end': 'model = "m"',
  'a byte-order mark': '\uFEFFmodel = "m"\n',
  'a string over many lines': 'text = """\n[mcp_servers.csa]\ncommand = "not mine"\n"""\n',
  'an empty file': '',
};
