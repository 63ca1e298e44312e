import type { Agent, Place, Program } from '@csa/setup';

const RESTART: Readonly<Record<Agent, readonly string[]>> = {
  claude: ['Restart Claude Code: it reads its settings as it starts'],
  codex: ['Restart Codex: it asks once whether the new hook is to be trusted (/hooks), and does not run it before'],
  gemini: ['Restart Gemini CLI; in a folder that you have not said you trust it uses neither servers nor hooks'],
  opencode: [
    'Restart opencode',
    'Its shell ends a command after 2 minutes; only the environment can say otherwise: export OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS=300000',
  ],
  cursor: [
    'Restart Cursor, and switch the server csa on in its settings (MCP)',
    'What its editor may run without a question is said in its own settings (auto-run); its command line program reads what was written here',
  ],
};

const OF_PROJECT: Partial<Record<Agent, string>> = {
  claude: 'Claude Code asks once whether the servers of .mcp.json may be used',
  codex: 'Codex reads .codex only in a project that you have said you trust',
  gemini:
    'Which commands need no question Gemini CLI reads from your own policies only; csa setup gemini writes it there',
  cursor: 'Cursor asks once whether the servers of a project may be used',
};

/** What is left to the user, in sentences without a full stop. */
export function nextSteps(agent: Agent, place: Place, { words, allow }: Program): string[] {
  const isProject = place.kind === 'project';
  const [first = ''] = words;
  return [
    ...RESTART[agent],
    ...(isProject ? [OF_PROJECT[agent]].flatMap((step) => step ?? []) : []),
    ...(isProject && first.startsWith('/')
      ? ['The entries name the program on this machine; put csa on your PATH before you share them']
      : []),
    ...(allow === 'all'
      ? ['The agent may now start any command as a session without a question; --ask-before-start leaves that to you']
      : []),
  ];
}
