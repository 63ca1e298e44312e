import type { Client } from './client.ts';

export const claudeCode: Client = {
  name: 'claude',
  package: '@anthropic-ai/claude-code',
  version: '2.1.328',
  program: 'claude',
  files: () => ({}),
  environment: (model) => ({
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // Without it, it refuses to skip its questions when root runs it.
    IS_SANDBOX: '1',
  }),
  arguments: (prompt) => ['-p', prompt, '--model', 'claude-sonnet-4-5', '--dangerously-skip-permissions'],
  shell: (command, { timeoutMs, inBackground } = {}) => ({
    kind: 'call',
    tool: 'Bash',
    input: {
      command,
      description: 'nightly',
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(inBackground === undefined ? {} : { run_in_background: inBackground }),
    },
  }),
  tool: (name) => `mcp__csa__${name}`,
};
