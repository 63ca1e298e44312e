import type { Client } from './client.ts';

/** A provider of ours, which speaks the Responses API. */
const config = (model: string): string => `model = "loopback"
model_provider = "loopback"

[model_providers.loopback]
name = "loopback"
base_url = "${model}/v1"
wire_api = "responses"
env_key = "LOOPBACK_KEY"
`;

export const codex: Client = {
  name: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  program: 'codex',
  files: (model) => ({ '.codex/config.toml': config(model) }),
  environment: () => ({ LOOPBACK_KEY: 'none' }),
  arguments: (prompt) => [
    'exec',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    // Nobody can be asked whether the hooks of a new configuration are to be trusted.
    '--dangerously-bypass-hook-trust',
    prompt,
  ],
  shell: (cmd, { timeoutMs } = {}) => ({
    kind: 'call',
    tool: 'exec_command',
    input: { cmd, ...(timeoutMs === undefined ? {} : { yield_time_ms: timeoutMs }) },
  }),
  tool: (name) => `mcp__csa.${name}`,
};
