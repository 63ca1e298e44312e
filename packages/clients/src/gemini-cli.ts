import type { Client } from './client.ts';

const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
  general: { enableAutoUpdate: false },
  privacy: { usageStatisticsEnabled: false },
};

export const geminiCli: Client = {
  name: 'gemini',
  package: '@google/gemini-cli',
  version: '0.61.0',
  program: 'gemini',
  files: () => ({ '.gemini/settings.json': JSON.stringify(SETTINGS, null, 2) }),
  environment: (model) => ({ GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: model }),
  // A model that is named is not chosen by another one.
  arguments: (prompt) => ['-p', prompt, '-m', 'gemini-2.5-flash', '--yolo'],
  shell: (command) => ({ kind: 'call', tool: 'run_shell_command', input: { command, description: 'nightly' } }),
  tool: (name) => `mcp_csa_${name}`,
};
